#!/bin/bash
# Tests the .deb on an emulated ARM64 machine: what an installer does with it, and the faults that occur at a shelf.
#   tests/device/run.sh [--deb FILE] [bookworm|trixie ...]      default: both releases; without --deb it builds the package first
# EDGESHELF_DEVICE_CUTS is the number of power cuts, default 10. EDGESHELF_DEVICE_CHAPTERS names the chapters in addition to install, camera,
# button and farewell; the default is "setup v4l2 slots power trouble clock answers teach strangers fleet", which takes about an hour.
# The chapter slots plays a film of a shelf through the video device, in nine minutes on a host that does nothing else. It needs the folder
# of the shelves' pictures (EDGESHELF_SHELVES).
# It needs root. It installs the Debian packages that it needs if it can, and skips the tests for which a tool is missing.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
project=$(readlink -f "$here/../..")

deb=
suites=()
while [ $# -gt 0 ]; do
  case $1 in
    --deb) deb=$(readlink -f "$2"); shift 2 ;;
    bookworm | trixie) suites+=("$1"); shift ;;
    *) sed -n '2,7s/^# //p' "$0" >&2; exit 2 ;;
  esac
done
[ ${#suites[@]} -gt 0 ] || suites=(bookworm trixie)

. "$here/machine/device.sh"
. "$here/story/words.sh"

"$project/scripts/apt-install.sh" qemu-system-arm qemu-utils mmdebstrap qemu-user-static binfmt-support arch-test cpio kmod e2fsprogs \
  socat openssh-client curl jq lintian python3-pil python3-numpy mosquitto mosquitto-clients dosfstools
for tool in qemu-system-aarch64 qemu-img mmdebstrap arch-test update-binfmts cpio depmod mke2fs socat ssh jq; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: building the machine needs root"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }

run=$(mktemp -d)
trap 'device_stop; kill $(jobs -p) 2>/dev/null || true; rm -rf "$run"' EXIT

if [ -z "$deb" ]; then
  tell "The package is built"
  deb=$project/$(cd "$project" && scripts/package.sh arm64 2>"$run/package.log") || { cat "$run/package.log"; exit 1; }
fi
size=$(stat -c %s "$deb")
check "$(basename "$deb") has $((size / 1000000)) MB; 40 are allowed" test "$size" -le 40000000
if command -v lintian >/dev/null; then
  check "lintian finds no error in it" lintian --fail-on error --allow-root "$deb"
else
  skip "lintian is not installed"
fi

for suite in "${suites[@]}"; do
  tell "A board with Debian $suite"
  if ! machine=$("$here/machine/build.sh" "$suite"); then
    skip "the machine could not be built; check that Debian's packages can be downloaded here"
    continue
  fi
  device_new_disk
  device_boot
  chapters=(install camera button)
  # Chapters that do not depend on Debian's release run only once.
  [ "$suite" != "${suites[0]}" ] || chapters+=(${EDGESHELF_DEVICE_CHAPTERS-setup v4l2 slots power trouble clock answers teach strangers fleet})
  for chapter in "${chapters[@]}" farewell; do . "$here/story/$chapter.sh"; done
  device_stop
done

tell "Done after $((SECONDS / 60)) min $((SECONDS % 60)) s"
sum_up
