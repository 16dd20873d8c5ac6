#!/bin/bash
# Measures what the service writes to its card: a file system of its own in a file holds the state and the log, and the kernel counts what goes to it,
# with the journal of ext4 and every sync. Each picture has 1280 x 960 pixels and differs from the one before, which is the most that a timer can cause.
#   tests/device/card.sh [--program FOLDER] [--minutes N]     default: the build of this checkout, and 30 minutes
# It needs root, mosquitto and a loop device. How busy the host is does not change the bytes.
set -euo pipefail
project=$(readlink -f "$(dirname "$(readlink -f "$0")")/../..")
program=$project/src/EdgeShelf/bin/Release/net10.0 minutes=30
while [ $# -gt 0 ]; do
  case $1 in
    --program) program=$(readlink -f "$2"); shift 2 ;;
    --minutes) minutes=$2; shift 2 ;;
    *) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
  esac
done
[ "$(id -u)" = 0 ] || { echo "card.sh: run this as root; it mounts a file system." >&2; exit 1; }
"$project/scripts/apt-install.sh" mosquitto mosquitto-clients libjpeg-turbo-progs

work=$(mktemp -d)
service= broker=
finish() {
  [ -z "$service" ] || { kill "$service" && wait "$service"; } 2>/dev/null || true
  [ -z "$broker" ] || kill "$broker" 2>/dev/null || true
  umount "$work/card" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

truncate -s 1G "$work/card.img"
mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 "$work/card.img"
mkdir "$work/card" "$work/pictures"
mount -o loop,noatime "$work/card.img" "$work/card"
counters=/sys/class/block/$(basename "$(findmnt -n -o SOURCE "$work/card")")/stat
mkdir "$work/card/state" "$work/card/logs"
cp "$project/tests/device/counting/picture.jpg" "$work/pictures/1.jpg"
jpegtran -flip horizontal -outfile "$work/pictures/2.jpg" "$work/pictures/1.jpg"
jpegtran -rotate 180 -outfile "$work/pictures/3.jpg" "$work/pictures/1.jpg"

port=$(shuf -i 20000-29999 -n 1)
printf 'listener %s 127.0.0.1\nallow_anonymous true\n' "$port" >"$work/mosquitto.conf"
mosquitto -c "$work/mosquitto.conf" >"$work/mosquitto.log" 2>&1 &
broker=$!

# written: kB that went to the card so far. Sectors have 512 bytes (Linux, Documentation/block/stat).
written() {
  sync -f "$work/card"
  awk '{ print int($7 / 2) }' "$counters"
}

# measure WHAT SETTING...: starts the service, lets it settle for three minutes, and prints what the next minutes write.
measure() {
  STATE_DIRECTORY=$work/card/state LOGS_DIRECTORY=$work/card/logs "$program/edgeshelf" run --set Capture:Camera=folder --set Capture:Folder:Path="$work/pictures" \
    --set Publish:Broker=mqtt://127.0.0.1:"$port" --set Web:Port="$((port + 1))" "${@:2}" >"$work/service.log" 2>&1 &
  service=$!
  sleep 180
  kill -0 "$service" || { cat "$work/service.log"; exit 1; }
  local before results
  before=$(written)
  results=$(timeout $((minutes * 60)) mosquitto_sub -p "$port" -t 'edgeshelf/+/result' -F x | wc -l) || true
  echo "$1: $(($(written) - before)) kB in $minutes minutes with $results results, $((($(written) - before) * 1440 / minutes / 1000)) MB a day"
  kill "$service" && wait "$service" || true
  service=
}

measure 'A picture a minute' --set Capture:Interval=00:01:00
measure 'No picture' --set Capture:Interval=00:00:00
