#!/bin/bash
# Builds what the counting machine boots and prints the folder it is in: vmlinuz, and the root folder of an initramfs with the C library
# and busybox. It installs nothing and needs no emulation, so it takes a minute. The folder is cached like the machine of ../machine/build.sh.
set -euo pipefail

here=$(dirname "$(readlink -f "$0")")
cache=${EDGESHELF_DEVICE_CACHE:-$HOME/.cache/edgeshelf-device}
suite=bookworm
recipe=$(cat "$here/build.sh" "$here/init" | sha256sum | cut -c1-12)
machine=$cache/counting-$recipe
if [ -e "$machine/complete" ]; then
  echo "$machine"
  exit
fi

rm -rf "$machine"
mkdir -p "$machine/root"
kernel=$(mktemp -d "$machine/kernel.XXXXXX")
chmod 755 "$machine" "$kernel"
trap 'rm -rf "$kernel"' EXIT
extract() {
  mmdebstrap --quiet --arch=arm64 --variant=extract --include="$1" "$suite" "$2" >>"$machine/build.log" 2>&1 || { tail -20 "$machine/build.log" >&2; exit 1; }
}
extract linux-image-arm64 "$kernel"
cp "$kernel"/boot/vmlinuz-* "$machine/vmlinuz"
# What the package depends on, a broker, and a shell. The static busybox also runs before /lib is there.
extract libc6,libstdc++6,libgcc-s1,zlib1g,libssl3,mosquitto,busybox-static "$machine/root"
(cd "$machine/root" && rm -rf var usr/share usr/lib/aarch64-linux-gnu/{gconv,engines-3,ossl-modules} && mkdir -p proc sys dev tmp)
cp "$here/init" "$machine/root/init"
touch "$machine/complete"
find "$cache" -maxdepth 1 -name 'counting-*' ! -path "$machine" -exec rm -rf {} +
echo "$machine"
