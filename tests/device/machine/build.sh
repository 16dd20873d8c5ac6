#!/bin/bash
# Builds the ARM64 machine of one Debian release and prints the folder it is in: vmlinuz, initrd, disk.img and an SSH key.
#   build.sh bookworm|trixie
# It needs root, for mmdebstrap. The machine is cached under EDGESHELF_DEVICE_CACHE (default ~/.cache/edgeshelf-device) and built again
# when build.sh or init changes. A build takes about seven minutes.
set -euo pipefail

suite=$1
here=$(dirname "$(readlink -f "$0")")
cache=${EDGESHELF_DEVICE_CACHE:-$HOME/.cache/edgeshelf-device}
# Both releases use the kernel of Debian 12, because only the differences in userland matter for EdgeShelf.
kernel_suite=bookworm

# The packages of the board in addition to EdgeShelf: a broker, the tools that the tests use, and the dependencies of EdgeShelf.
packages=systemd,systemd-sysv,udev,dbus,kmod,iproute2,procps,psmisc,openssh-server,openssl,ca-certificates,sqlite3
packages+=,mosquitto,mosquitto-clients,gpiod,v4l-utils,bash-completion,zlib1g,libstdc++6,apt

recipe=$(cat "$here/build.sh" "$here/init" | sha256sum | cut -c1-12)
machine=$cache/$suite-$recipe
if [ -e "$machine/complete" ]; then
  echo "$machine"
  exit
fi

say() { echo "  $*" >&2; }
rm -rf "$machine"
mkdir -p "$machine"
root=$(mktemp -d "$machine/root.XXXXXX")
kernel=$(mktemp -d "$machine/kernel.XXXXXX")
initrd=$(mktemp -d "$machine/initrd.XXXXXX")
trap 'rm -rf "$root" "$kernel" "$initrd"' EXIT
# mmdebstrap's own users must be able to enter these folders.
chmod 755 "$machine" "$root" "$kernel"

if ! arch-test arm64 >/dev/null 2>&1; then
  mountpoint -q /proc/sys/fs/binfmt_misc || mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
  update-binfmts --enable qemu-aarch64
fi

say "Debian $suite for ARM64 from Debian's packages: about five minutes, once"
mmdebstrap --quiet --arch=arm64 --variant=minbase --include="$packages" "$suite" "$root" >"$machine/build.log" 2>&1 ||
  { tail -20 "$machine/build.log" >&2; exit 1; }

say "its kernel, unpacked and not installed: an initramfs of Debian's costs ten minutes under emulation"
mmdebstrap --quiet --arch=arm64 --variant=extract --include=linux-image-arm64,busybox-static "$kernel_suite" "$kernel" \
  >>"$machine/build.log" 2>&1 || { tail -20 "$machine/build.log" >&2; exit 1; }
version=$(ls "$kernel/lib/modules")
cp "$kernel/boot/vmlinuz-$version" "$machine/vmlinuz"
mkdir -p "$root/lib/modules"
cp -a "$kernel/lib/modules/$version" "$root/lib/modules/"
depmod -b "$root" "$version"

mkdir -p "$initrd"/{bin,dev,proc,modules,newroot}
cp "$kernel/bin/busybox" "$initrd/bin/"
cp "$here/init" "$initrd/init"
modprobe -d "$root" -S "$version" --show-depends --all virtio_pci virtio_mmio virtio_blk crc32c_generic ext4 |
  awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r module; do
    cp "$module" "$initrd/modules/"
    basename "$module"
  done >"$initrd/modules/order"
(cd "$initrd" && find . | cpio --quiet -o -H newc | gzip -9) >"$machine/initrd"

say "settings of the machine: network, SSH, a camera (vivid) and a button (the chip's power button line)"
ssh-keygen -q -t ed25519 -N '' -C edgeshelf-device -f "$machine/key"
install -D -m 600 "$machine/key.pub" "$root/root/.ssh/authorized_keys"
printf 'UsePAM no\nUseDNS no\n' >"$root/etc/ssh/sshd_config.d/device.conf"
printf '[Match]\nName=en* eth*\n[Network]\nAddress=10.0.2.15/24\nGateway=10.0.2.2\n' >"$root/etc/systemd/network/20-wired.network"
ln -sf /lib/systemd/system/systemd-networkd.service "$root/etc/systemd/system/multi-user.target.wants/systemd-networkd.service"
echo shelf-07 >"$root/etc/hostname"
printf '127.0.0.1 localhost shelf-07\n' >"$root/etc/hosts"
# gpio_keys would claim the line of the button.
echo 'blacklist gpio_keys' >"$root/etc/modprobe.d/button.conf"
# Create one capture node and one output node. Pictures written to the output node are captured by the camera.
echo 'options vivid n_devs=1 num_inputs=1 input_types=3 num_outputs=1 output_types=1' >"$root/etc/modprobe.d/camera.conf"
echo vivid >"$root/etc/modules-load.d/camera.conf"
# Nobody logs in interactively, so disable these units, which delay each boot by seconds.
for unit in getty@tty1 apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
  systemd-networkd-wait-online.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
mkdir -p "$root/var/log/journal"

say "its disk"
truncate -s 3G "$machine/disk.img"
mke2fs -q -t ext4 -d "$root" "$machine/disk.img" 2>>"$machine/build.log"
touch "$machine/complete"
find "$cache" -maxdepth 1 -name "$suite-*" ! -path "$machine" -exec rm -rf {} +
echo "$machine"
