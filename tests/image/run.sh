#!/bin/bash
# Tests the OCI image as somebody who runs it: it starts without root, /predict answers with the token, the state survives, it stops in time.
#   tests/image/run.sh [IMAGE.oci.tar]         without an image it builds that of this machine's architecture first
# It needs root. It installs runc, skopeo and umoci from Debian if it can, and skips where the kernel allows no containers.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
project=$(readlink -f "$here/../..")
. "$here/../device/story/words.sh"

"$project/scripts/apt-install.sh" curl jq runc skopeo umoci >&2
run=$(mktemp -d)
name=edgeshelf-image-$$
trap 'runc delete --force "$name" 2>/dev/null || true; rm -rf "$run"' EXIT

tell "I build the image"
image=${1:-$project/$("$project/scripts/image.sh")}
mkdir "$run/layout" && tar -xf "$image" -C "$run/layout"
tag=$(jq -r '.manifests[0].annotations["org.opencontainers.image.ref.name"]' "$run/layout/index.json")
umoci unpack --image "$run/layout:$tag" "$run/bundle" 2>/dev/null
rootfs=$run/bundle/rootfs
config=$run/bundle/config.json
cp "$config" "$run/config.json"

# bundle PORT ARGUMENT...: like `docker run --network host IMAGE ARGUMENT...`. The resources are left out, because a test
# machine may allow none. The volume of the state is left out, because umoci makes a new empty one of root for each run.
bundle() {
  local port=$1
  shift
  jq --arg port "$port" --argjson args "$(printf "%s\n" "$@" | jq -R . | jq -sc .)" '.process.terminal = false | .process.args = [.process.args[0]] + $args | .process.env += ["EDGESHELF__Web__Port=\($port)"]
    | .linux.namespaces |= map(select(.type != "network" and .type != "cgroup")) | del(.linux.resources) | .mounts |= map(select(.type != "cgroup" and .destination != "/var/lib/edgeshelf"))
    | .mounts += [{ destination: "/etc/resolv.conf", type: "bind", source: "/etc/resolv.conf", options: ["rbind", "ro"] }]' \
    "$run/config.json" >"$config"
}

check "it is small: $(($(stat -c %s "$image") / 1000000)) MB; 100 are allowed" test "$(stat -c %s "$image")" -lt 100000000
check "it has two layers, so that an update of the program is small" test "$(jq '.layers | length' "$run/layout/blobs/sha256/$(jq -r '.manifests[0].digest' "$run/layout/index.json" | cut -d: -f2)")" = 2
check "other tools read it: skopeo finds Linux" test "$(skopeo inspect "oci-archive:$image" | jq -r .Os)" = linux
check "it runs as a user without rights" test "$(jq -c '.process.user | [.uid, .gid]' "$run/config.json")" = '[65532,65532]'
check "it has no shell" test ! -e "$rootfs/bin/sh"

tell "I run it"
bundle 0 --version
if ! runc run --bundle "$run/bundle" "$name" >"$run/version" 2>&1; then
  if grep -q 'edgeshelf' "$run/version"; then cat "$run/version"; failed=$((failed + 1)); else skip "this machine allows no containers: $(tail -n 1 "$run/version")"; fi
  sum_up
  exit
fi
check "it tells its version" grep -q "^$tag" "$run/version"

port=18098
start() {
  bundle "$port" run
  runc run --bundle "$run/bundle" "$name" >>"$run/container.log" 2>&1 &
  container=$!
}
url=http://127.0.0.1:$port
is_up() { [ "$(curl -s -m 5 -o /dev/null -w '%{http_code}' "$url/healthz")" = 200 ]; }
predict() { curl -s -m 30 -o "$run/answer" -w '%{http_code}' "$@" -F "image=@$project/tests/device/counting/picture.jpg" "$url/predict"; }
start
check "it answers within half a minute" within 30 is_up
check "its log shows a code that opens the page" within 10 grep -qE "[0-9]{3} [0-9]{3}" "$run/container.log"
check "/predict wants a token" test "$(predict)" = 401
token=$(cat "$rootfs/var/lib/edgeshelf/web-token" 2>/dev/null || true)
check "with the token of its state it gives three labels" eval '[ "$(predict -H "Authorization: Bearer $token")" = 200 ] && jq -e ".slots[0].top | length == 3" "$run/answer"'
check "only its state was written" test -z "$(find "$rootfs" -newer "$run/version" -type f ! -path "$rootfs/var/lib/edgeshelf/*" ! -path "$rootfs/tmp/*" ! -path "$rootfs/dev/*" -print -quit)"

tell "I stop it and start it again"
runc kill "$name" TERM
is_gone() { ! kill -0 "$container" 2>/dev/null; }
check "it stops within ten seconds" within 10 is_gone
check "with exit code 0" wait "$container"
start
check "it is back" within 30 is_up
check "with the same token" test "$(predict -H "Authorization: Bearer $token")" = 200
runc kill "$name" KILL
wait "$container" 2>/dev/null || true

echo
sum_up
