#!/usr/bin/env bash
# users.sh BACKEND_PASSWORD ENGINEER_PASSWORD < DEVICES > users.conf
#
# Prints the users of fleet.conf. Standard input has one device a line: its name, its group and its password (plain, or bcrypt as `nats server passwd` makes it).
# After a change, `nats-server --signal reload` takes it over without closing the connections of the others.
set -euo pipefail

quoted() { printf '"%s"' "${1//\"/\\\"}"; }
user() { # NAME PASSWORD PUBLISH SUBSCRIBE
  # $MQTT holds sessions and retained messages, which the server keeps for each client.
  printf '  { user: %s, password: %s, permissions: { publish: [%s], subscribe: [%s, "$MQTT.sub.>"] } }\n' "$(quoted "$1")" "$(quoted "$2")" "$3" "$4"
}

echo 'users: ['
user backend "${1:?password of the backend}" '"$MQTT.>"' '"edgeshelf.*.result", "edgeshelf.*.event", "edgeshelf.*.state", "edgeshelf.*.reported"'
user engineer "${2:?password of the engineers}" '"edgeshelf.*.desired", "edgeshelf._group.>"' '"edgeshelf.*.reported", "edgeshelf.*.state", "edgeshelf.*.availability", "edgeshelf.*.desired", "edgeshelf._group.>"'
while read -r device group password; do
  [[ $device =~ ^[A-Za-z0-9_-]+$ && $group =~ ^[A-Za-z0-9_-]+$ && -n $password ]] || { echo "Not a device: $device $group" >&2; exit 1; }
  topics=''
  for kind in result event shelf state availability reported 'image.>' 'response.>'; do
    topics+="${topics:+, }\"edgeshelf.$device.$kind\""
  done
  user "$device" "$password" "$topics" "\"edgeshelf.$device.request.>\", \"edgeshelf.$device.desired\", \"edgeshelf._group.$group.desired\""
done
echo ']'
