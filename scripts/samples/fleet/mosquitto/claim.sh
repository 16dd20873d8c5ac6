#!/usr/bin/env bash
# claim.sh [OPTIONS OF mosquitto_rr...]
#
# Makes the identity `claim` of mosquitto's dynamic security plugin and prints its password: it may ask for credentials on its own topic and read
# the answer, and nothing else. The user of the options, for example -h broker.shop -p 8883 --cafile ca.pem -u admin -P SECRET, gets the right to
# answer with issue.sh. For an identity that is there already, it changes the password. Needs Debian's mosquitto-clients 2.0 or later.
set -euo pipefail

admin="admin"
for ((i = 1; i < $#; i++)); do
  [[ ${!i} == -u || ${!i} == --username ]] && { next=$((i + 1)); admin=${!next}; }
done
password=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')
request=$(mktemp)
trap 'rm -f "$request"' EXIT
control='$CONTROL/dynamic-security/v1'
run="made $(date -u +%FT%TZ) $RANDOM$RANDOM"

# Each device reads the answers to its own installation only. Who reads the answers of all, for which the names are not needed, is refused by name,
# and a password is encrypted for the device that asked.
cat >"$request" <<END
{"commands":[
  {"command":"deleteClient","username":"claim"},
  {"command":"deleteRole","rolename":"claim"},
  {"command":"createRole","rolename":"claim","acls":[
    {"acltype":"publishClientSend","topic":"edgeshelf/_claim/+/request","allow":true},
    {"acltype":"subscribeLiteral","topic":"edgeshelf/_claim/+/answer","allow":false,"priority":9},
    {"acltype":"subscribePattern","topic":"edgeshelf/_claim/+/answer","allow":true}]},
  {"command":"createClient","username":"claim","password":"$password","textname":"$run","roles":[{"rolename":"claim"}]},
  {"command":"deleteRole","rolename":"issuer"},
  {"command":"createRole","rolename":"issuer","acls":[
    {"acltype":"publishClientSend","topic":"edgeshelf/_claim/+/answer","allow":true},
    {"acltype":"subscribePattern","topic":"edgeshelf/_claim/+/request","allow":true}]},
  {"command":"addClientRole","username":"$admin","rolename":"issuer"}]}
END
# The broker ends the connections of a user that gets a role, this one too. What follows says whether all was done.
mosquitto_pub "$@" -V 5 -q 1 -t "$control" -f "$request" 2>/dev/null || true
answer=$(mosquitto_rr "$@" -V 5 -q 1 -W 20 -t "$control" -e "$control/response" -m "{\"commands\":[{\"command\":\"getClient\",\"username\":\"claim\"},{\"command\":\"getClient\",\"username\":\"$admin\"}]}")
if [[ $answer != *"$run"* || $answer != *'"issuer"'* ]]; then
  echo "The broker did not make the identity claim: ${answer:-no answer within 20 s}" >&2
  exit 1
fi
echo "$password"
