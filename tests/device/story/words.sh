# How the story is told: what happens, what must be true, and what was seen where it is not. Sourced by run.sh.

passed=0 failed=0 skipped=0

tell() { printf '\n%s  %s\n' "$(date -u +%H:%M:%S)" "$*"; }

# check SENTENCE COMMAND...: a failure shows what the command said and the service's last words; the story goes on.
check() {
  local sentence=$1
  shift
  if "$@" >"$run/check.log" 2>&1; then
    passed=$((passed + 1))
    echo "          ok      $sentence"
  else
    failed=$((failed + 1))
    echo "          FAILED  $sentence"
    tail -n 15 "$run/check.log" | cut -c1-300 | sed 's/^/                  | /'
    [ -z "${device_pid:-}" ] || on 'journalctl -u edgeshelf -n 12 --no-pager -o cat' 2>/dev/null | cut -c1-300 | sed 's/^/                  > /' || true
  fi
}

skip() {
  skipped=$((skipped + 1))
  echo "          skipped $*"
}

sum_up() {
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" = 0 ]
}

# within SECONDS COMMAND...: true as soon as the command is.
within() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 1
  done
}

not() { ! "$@"; }

# The same program on this machine; it is built where it was not.
here_edgeshelf() {
  local program=$project/src/EdgeShelf/bin/Release/net10.0/edgeshelf.dll
  [ -f "$program" ] || dotnet build "$project/src/EdgeShelf" -c Release --nologo -v quiet >"$run/build.log" 2>&1 || cat "$run/build.log" >&2
  dotnet "$program" "$@"
}

# What the backend has received so far, oldest first: one line a message, topic and document.
received() { on 'cat /root/backend.log 2>/dev/null'; }

# documents result|event JQ-FILTER: those the backend has that match, one a line.
documents() { received | sed -n "s|^edgeshelf/[^/]*/$1 ||p" | jq -c "select($2)"; }

# results [JQ-FILTER]: how many results the backend has that match.
results() { documents result "${1:-true}" | wc -l; }

# told JQ-FILTER: whether the backend has an event that matches.
told() { [ -n "$(documents event "$1")" ]; }

more_results_than() { [ "$(results "${2:-true}")" -gt "$1" ]; }

# The backend: keeps all that is published, across restarts of the broker.
start_backend() {
  on 'systemctl start mosquitto
    systemctl is-active -q backend || systemd-run -q --unit=backend --collect -p Restart=always -p RestartSec=1 -p StandardOutput=append:/root/backend.log \
      mosquitto_sub -i backend -q 1 -t "edgeshelf/+/result" -t "edgeshelf/+/event" -t "edgeshelf/+/availability" -v'
}

# settings JSON: what the installer writes into the one file.
settings() { on "cat >/etc/edgeshelf/edgeshelf.json" <<<"$1"; }

service_is() { [ "$(on 'systemctl is-active edgeshelf')" = "$1" ]; }

main_pid() { on 'systemctl show -p MainPID --value edgeshelf'; }

main_pid_is_not() { [ "$(main_pid)" != "$1" ] && [ "$(main_pid)" != 0 ]; }
