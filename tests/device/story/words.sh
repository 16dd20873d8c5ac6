# Functions that print the steps of the test, check conditions, and show details when a check fails. run.sh sources this file.

passed=0 failed=0 skipped=0

tell() { printf '\n%s  %s\n' "$(date -u +%H:%M:%S)" "$*"; }

# check SENTENCE COMMAND...: if the command fails, prints its output and the last log lines of the service, and continues.
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

# within SECONDS COMMAND...: repeats the command until it succeeds or the time has expired.
within() {
  local deadline=$((SECONDS + $1 * ${EDGESHELF_DEVICE_PATIENCE:-1}))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 1
  done
}

not() { ! "$@"; }

# Runs the same program on this host, and builds it if necessary.
here_edgeshelf() {
  local program=$project/src/EdgeShelf/bin/Release/net10.0/edgeshelf.dll
  [ -f "$program" ] || dotnet build "$project/src/EdgeShelf" -c Release --nologo -v quiet >"$run/build.log" 2>&1 || cat "$run/build.log" >&2
  dotnet "$program" "$@"
}

# Prints the messages that the backend has received, oldest first. Each line has the topic and the document.
received() { on 'cat /root/backend.log 2>/dev/null'; }

# documents result|event JQ-FILTER: prints the received documents that match, one per line. The doctor sends empty messages, which are none.
documents() { received | sed -n "s|^edgeshelf/[^/]*/$1 {|{|p" | jq -c "select($2)"; }

# results [JQ-FILTER]: prints the number of received results that match.
results() { documents result "${1:-true}" | wc -l; }

# told JQ-FILTER: succeeds if the backend has received an event that matches.
told() { [ -n "$(documents event "$1")" ]; }

more_results_than() { [ "$(results "${2:-true}")" -gt "$1" ]; }

# Starts the backend, which records all published messages, also across restarts of the broker.
start_backend() {
  on 'systemctl start mosquitto
    systemctl is-active -q backend || systemd-run -q --unit=backend --collect -p Restart=always -p RestartSec=1 -p StandardOutput=append:/root/backend.log \
      mosquitto_sub -i backend -q 1 -t "edgeshelf/+/result" -t "edgeshelf/+/event" -t "edgeshelf/+/availability" -v'
}

# settings JSON: writes the settings file, as an installer does.
settings() { on "cat >/etc/edgeshelf/edgeshelf.json" <<<"$1"; }

service_is() { [ "$(on 'systemctl is-active edgeshelf')" = "$1" ]; }

main_pid() { on 'systemctl show -p MainPID --value edgeshelf'; }

main_pid_is_not() { [ "$(main_pid)" != "$1" ] && [ "$(main_pid)" != 0 ]; }

# show_picture yuyv|nv12: sets the size and signal of the output, writes /root/frame.yuyv or .nv12 to it in a loop, and connects it to the camera's
# input like a cable. The camera sees the picture only if it requests the same format.
show_picture() {
  on "systemctl stop shelf 2>/dev/null
    v4l2-ctl -d /dev/video1 --set-dv-bt-timings index=4 >/dev/null && v4l2-ctl -d /dev/video1 --set-fmt-video-out pixelformat=${1^^}
    systemd-run -q --unit=shelf --collect v4l2-ctl -d /dev/video1 --stream-out-mmap --stream-from=/root/frame.$1 --stream-loop
    v4l2-ctl -d /dev/video0 --set-ctrl loop_video=1,osd_text_mode=2,brightness=120 && sleep 1 && v4l2-ctl -d /dev/video0 --set-dv-bt-timings query >/dev/null"
}
