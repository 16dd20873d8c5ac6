#!/usr/bin/env bash
# provision.sh DEVICE GROUP [OPTIONS OF mosquitto_rr...]
#
# Makes a device known to mosquitto's dynamic security plugin and prints its password. The device may use its own topics and read what is wanted
# of its own group, and nothing else. For a device that is known already, it changes the password and the group. The broker is reached with the
# options, for example: -h broker.shop -p 8883 --cafile ca.pem -u admin -P SECRET. Needs Debian's mosquitto-clients 2.0 or later.
set -euo pipefail

if (($# < 2)); then
  sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
device=$1 group=$2
shift 2
for name in "$device" "$group"; do
  [[ $name =~ ^[A-Za-z0-9_-]{1,64}$ ]] || { echo "\"$name\" is not a name: 1 to 64 of A-Z, a-z, 0-9, _ and - are allowed." >&2; exit 2; }
done
password=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')

# The request with the password goes through a file that only this user may read, because everybody on this machine can read the arguments of a process.
request=$(mktemp)
trap 'rm -f "$request"' EXIT
control='$CONTROL/dynamic-security/v1'
# A name of this run, by which the broker's answer is known to be about this request.
run="provisioned $(date -u +%FT%TZ) $RANDOM$RANDOM"

acls=''
allow() { acls+="${acls:+,}{\"acltype\":\"$1\",\"topic\":\"$2\",\"allow\":true}"; }
for kind in result event shelf state availability reported 'image/#' 'response/#'; do
  allow publishClientSend "edgeshelf/$device/$kind"
done
for topic in "edgeshelf/$device/request/+" "edgeshelf/$device/desired" "edgeshelf/_group/$group/desired"; do
  allow subscribePattern "$topic"
done

# What is not there cannot be deleted, and the broker goes on with the next command.
cat >"$request" <<END
{"commands":[
  {"command":"deleteClient","username":"$device"},
  {"command":"deleteRole","rolename":"device-$device"},
  {"command":"createRole","rolename":"device-$device","acls":[$acls]},
  {"command":"createClient","username":"$device","password":"$password","textname":"$run","roles":[{"rolename":"device-$device"}]}]}
END
mosquitto_pub "$@" -V 5 -q 1 -t "$control" -f "$request"
answer=$(mosquitto_rr "$@" -V 5 -q 1 -W 20 -t "$control" -e "$control/response" -m "{\"commands\":[{\"command\":\"getClient\",\"username\":\"$device\"}]}")
if [[ $answer != *"$run"* || $answer != *"device-$device"* ]]; then
  echo "The broker did not make $device: ${answer:-no answer within 20 s}" >&2
  exit 1
fi
echo "$password"
