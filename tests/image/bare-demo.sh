#!/bin/bash
# Runs the demo of the README in a bare Debian 12 that has only git and the .NET SDK of this machine, with the ICU that the SDK itself needs.
# Ports 1883 and 8080 are taken meanwhile.
#   tests/image/bare-demo.sh
# It needs root, mmdebstrap and Debian's packages, and takes a few minutes. With chromium and playwright-core (scripts/test.sh installs both) it
# opens the page and leaves a screenshot in artifacts/page. BARE_ROOT names a root of Debian that was built before, to save its building.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
project=$(readlink -f "$here/../..")
. "$here/../device/story/words.sh"

[ "$(id -u)" = 0 ] || { skip "building Debian needs root"; sum_up; exit; }
"$project/scripts/apt-install.sh" curl git mmdebstrap python3 >&2
sdk=$(dirname "$(dotnet --list-sdks | sed -n '$s/.*\[\(.*\)\]/\1/p')")
run=$(mktemp -d)
group= listener=
finish() {
  [ -z "$group" ] || kill -KILL -- "-$group" 2>/dev/null || true
  [ -z "$listener" ] || kill "$listener" 2>/dev/null || true
  rm -rf "$run"
}
trap finish EXIT

root=${BARE_ROOT:-}
if [ -z "$root" ]; then
  tell "A bare Debian with git"
  root=$run/root
  chmod 755 "$run"
  mmdebstrap --quiet --variant=minbase --include=git,ca-certificates,libicu72 bookworm "$root" >&2
fi
git -C "$project" bundle create -q "$root/tmp/edgeshelf.bundle" HEAD
cp /etc/resolv.conf "$root/etc/resolv.conf"
# A network that inspects TLS has a certificate authority of its own.
cp --dereference /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
demo=$(sed -n 's/^\(dotnet run .* -- demo\)$/\1/p' "$project/README.md")
cat >"$root/tmp/demo.sh" <<DEMO
set -e
# The shell stays after Ctrl-C, to tell the exit code.
trap : INT
mount -t proc proc /proc && cd /root && rm -rf edgeshelf
git -c advice.detachedHead=false clone -q /tmp/edgeshelf.bundle edgeshelf && cd edgeshelf
code=0
$demo || code=\$?
echo "It ended with exit code \$code."
DEMO

tell "Ports 1883 and 8080 are taken, and I run: $demo"
python3 -c '
import socket, time
kept = []
for port in 1883, 8080:
    try: kept.append(socket.create_server(("127.0.0.1", port)))
    except OSError: pass  # another program has it
print("taken", flush=True)
time.sleep(3600)' >"$run/taken" &
listener=$!
check "both ports are taken" within 10 grep -q taken "$run/taken"
# A namespace of processes and mounts of its own: both end with it. SIGINT goes to the group, as Ctrl-C in a terminal does.
mkdir -p "$root/usr/share/dotnet"
setsid env -i --default-signal=INT PATH=/usr/share/dotnet:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb DOTNET_CLI_TELEMETRY_OPTOUT=1 \
  unshare --mount --pid --fork --kill-child sh -c "mount --bind -o ro '$sdk' '$root/usr/share/dotnet' && mount --rbind /dev '$root/dev' && exec chroot '$root' sh /tmp/demo.sh" \
  >"$run/demo.log" 2>&1 &
group=$!
said() { grep -q -- "$1" "$run/demo.log"; }
runs() { kill -0 "$group" 2>/dev/null; }
said_or_ended() { said "$1" || ! runs; }
within 900 said_or_ended "The device's page is at" || true
check "it says where the page is" said "The device's page is at"
if ! said "The device's page is at"; then
  cut -c1-300 "$run/demo.log" | tail -n 40
  sum_up
  exit
fi
page=$(sed -n "s/^The device's page is at //p" "$run/demo.log")
broker=$(sed -n 's/^A broker listens on 127.0.0.1:\([0-9]*\).*/\1/p' "$run/demo.log")
check "with other ports than those that are taken: $page and $broker" test "${broker:-1883}" != 1883 -a -n "$page" -a "$page" != http://127.0.0.1:8080/
page_answers() { [ "$(curl -s -m 10 -o /dev/null -w '%{http_code}' "$page")" = 200 ]; }
check "the page is served" within 60 page_answers
within 180 said_or_ended "left: match → empty" || true
check "the pictures, the bay and the film are shown" eval 'said "\[sure\]" && said "What is missing" && said "left: match → empty"'
browser=$project/tests/EdgeShelf.Tests/Web/Browser
if ! command -v chromium >/dev/null || ! command -v node >/dev/null || [ ! -d "$browser/node_modules" ]; then
  skip "chromium, node or playwright-core is not installed"
else
  mkdir -p "$project/artifacts/page"
  check "Chromium shows the shelf on it" timeout 120 node "$browser/page.mjs" demo "$page" "$project/artifacts/page"
fi

tell "I press Ctrl-C"
kill -INT -- "-$group" || true
ended() { ! runs; }
check "it ends within twenty seconds" within 20 ended
group=
check "with exit code 0" said "It ended with exit code 0\."
check "and says what to do next" said "^Next: "
check "there was no warning and no stack trace" not grep -nE '^warn|: warning |Unhandled|^ +at [A-Z]|[Ee]rror:|[Cc]ouldn.t' "$run/demo.log"
[ "$failed" = 0 ] || tail -n 40 "$run/demo.log" | cut -c1-200
echo
sum_up
