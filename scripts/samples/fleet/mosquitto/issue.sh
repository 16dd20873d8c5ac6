#!/usr/bin/env bash
# issue.sh LIST FOLDER [OPTIONS OF mosquitto_sub...]
#
# Gives devices that make a claim their own credentials, for as long as it runs. LIST has a line for each device that may have some:
#   SERIAL DEVICE GROUP        the serial number, the network card's address or the name that it asks with; the name that it gets; its group
# FOLDER keeps what was issued, one file for each line. A device that asks again gets the same answer; another one that says the same number
# is refused. Delete the file to let a number ask again, after a repair for example. The list is read at each request. The options are those of
# provision.sh, which makes the device known to the broker. Needs Debian's mosquitto-clients 2.0 or later, jq and openssl.
set -euo pipefail

if (($# < 3)); then
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
list=$1 issued=$2
shift 2
here=$(dirname "$(readlink -f "$0")")
(umask 077 && mkdir -p "$issued")

# answer INSTALLATION: sends what is read to the device.
answer() { mosquitto_pub "$@" -q 1 -t "edgeshelf/_claim/$installation/answer" -s; }

# refuse SENTENCE: tells the device why it gets nothing, and this terminal too.
refuse() {
  echo "refused: $1" >&2
  jq -ncj --arg problem "$1" '{ schema: 1, problem: $problem }' | answer "${options[@]}"
}

# issue REQUEST: answers one request. Its words come from a stranger, so each is checked before it is used.
issue() {
  local key number='' line device group file password
  [[ ${#1} -le 4096 ]] || { refuse "The request is too long."; return; }
  key=$(jq -er '.key | strings' <<<"$1" 2>/dev/null) && [[ $key =~ ^[A-Za-z0-9+/=]{100,1500}$ ]] || { refuse "The request has no key."; return; }
  for field in serial mac device; do
    number=$(jq -er ".$field | strings" <<<"$1" 2>/dev/null) && [[ $number =~ ^[A-Za-z0-9_-]{1,64}$ ]] || continue
    line=$(awk -v number="$number" '$1 == number { print; exit }' "$list") && [[ -n $line ]] && break
  done
  [[ -n ${line:-} ]] || { refuse "The list does not have this device."; return; }
  read -r number device group _ <<<"$line"
  file=$issued/$number.json
  if [[ -e $file ]]; then
    [[ $(jq -r .key "$file") == "$key" ]] || { refuse "$number got its credentials already, with another key. Delete $number.json to issue them anew."; return; }
  else
    password=$("$here/provision.sh" "$device" "$group" "${options[@]}") || { refuse "The broker did not make the device known."; return; }
    # RSA with OAEP and SHA-256: only the device that asked can read its password.
    password=$(printf %s "$password" | openssl pkeyutl -encrypt -pubin -inkey <(printf -- '-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n' "$(fold -w 64 <<<"$key")") \
      -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 | base64 -w 0) && [[ -n $password ]] || { refuse "The key of the request cannot be used."; return; }
    (umask 077 && jq -nc --arg key "$key" --arg device "$device" --arg group "$group" --arg password "$password" \
      '{ key: $key, answer: { schema: 1, device: $device, group: $group, password: $password } }' >"$file.new")
    mv "$file.new" "$file"
    echo "issued: $number is $device of $group" >&2
  fi
  jq -cj .answer "$file" | answer "${options[@]}"
}

options=("$@")
exec 3< <(exec mosquitto_sub "${options[@]}" -q 1 -t 'edgeshelf/_claim/+/request' -F '%t %p')
subscriber=$!
trap 'kill "$subscriber" 2>/dev/null || true' EXIT
trap 'exit 1' INT TERM
while read -r -u 3 topic request; do
  installation=${topic#edgeshelf/_claim/}
  installation=${installation%/request}
  [[ $installation =~ ^[0-9a-f-]{36}$ ]] || continue
  issue "$request" || echo "A request could not be answered; the device asks again." >&2
done
echo "The connection to the broker has ended. Start issue.sh again." >&2
exit 1
