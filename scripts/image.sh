#!/bin/bash
# Builds dist/edgeshelf_<version>_<architecture>.oci.tar, an OCI image, and prints its path. It needs no daemon and no emulation.
#   scripts/image.sh [arm64|amd64]            default: the architecture of this machine
# `podman load -i FILE` and `skopeo copy oci-archive:FILE docker-daemon:edgeshelf:latest` take it. The image holds the program of the .deb,
# the Debian libraries that it needs, root certificates and time zones. It has no shell and no package manager.
# It needs what package.sh needs, and installs mmdebstrap and umoci from Debian if it can.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

architecture=${1:-$(dpkg --print-architecture)}
case $architecture in
  arm64 | amd64) ;;
  *) echo "image.sh: the architecture is $architecture; allowed are arm64 and amd64" >&2; exit 2 ;;
esac
scripts/apt-install.sh mmdebstrap umoci >&2
for tool in mmdebstrap umoci; do
  command -v "$tool" >/dev/null || { echo "image.sh: $tool is missing; install it first" >&2; exit 1; }
done

deb=$(scripts/package.sh "$architecture")
version=$(dpkg-deb -f "$deb" Version)
date=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y Directory.Build.props)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022

# The first layer has the libraries of the .deb's Depends. It stays the same when only the program changes, so an update is small.
mmdebstrap --quiet --architectures="$architecture" --variant=extract --include=ca-certificates,libc6,libgcc-s1,libssl3,libstdc++6,tzdata,zlib1g \
  bookworm "$work/debian" >&2
base=$work/base
mkdir -p "$base"/{etc/ssl/certs,tmp,usr/share/doc}
# Only these folders are needed of the packages: no maintainer scripts have run, so the links into /usr are made here.
for folder in lib lib64; do
  [ -d "$work/debian/$folder" ] || continue
  mkdir -p "$base/usr/$folder"
  cp -a "$work/debian/$folder/." "$base/usr/$folder/"
  ln -s "usr/$folder" "$base/$folder"
done
cp -a "$work/debian/usr/lib" "$work/debian/usr/share/zoneinfo" "$base/usr/" && mkdir -p "$base/usr/share" && mv "$base/usr/zoneinfo" "$base/usr/share/"
for package in ca-certificates libc6 libgcc-s1 libssl3 libstdc++6 tzdata zlib1g; do
  [ ! -d "$work/debian/usr/share/doc/$package" ] || cp -a "$work/debian/usr/share/doc/$package" "$base/usr/share/doc/"
done
rm -rf "$base"/usr/lib/*/{gconv,engines-3,ossl-modules,audit} "$base/usr/share/zoneinfo"/{posix,right}
cat "$work"/debian/usr/share/ca-certificates/mozilla/*.crt >"$base/etc/ssl/certs/ca-certificates.crt"
echo 'edgeshelf:x:65532:65532:EdgeShelf:/var/lib/edgeshelf:/usr/sbin/nologin' >"$base/etc/passwd"
echo 'edgeshelf:x:65532:' >"$base/etc/group"
echo 'hosts: files dns' >"$base/etc/nsswitch.conf"
chmod 1777 "$base/tmp"

# The second layer has the program. What belongs to systemd, dpkg or a shell stays out.
dpkg-deb -x "$deb" "$work/package"
program=$work/program
mkdir -p "$program"/{etc/edgeshelf,usr/lib,usr/share/doc}
cp -a "$work/package/usr/lib/edgeshelf" "$program/usr/lib/"
cp -a "$work/package/usr/share/doc/edgeshelf" "$program/usr/share/doc/"
cp "$work/package/etc/edgeshelf/edgeshelf.json" "$program/etc/edgeshelf/"
# layer TAR FOLDER: all files belong to root and have the commit's time, so that the same commit produces the same image.
layer() { tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$date" -C "$2" -cf "$1" .; }
layer "$work/base.tar" "$base"
layer "$work/program.tar" "$program"
# The state is the only folder into which the program writes.
mkdir -p "$work/state/var/lib/edgeshelf"
chmod 700 "$work/state/var/lib/edgeshelf"
tar --owner=65532 --group=65532 --numeric-owner --mtime="@$date" -C "$work/state" -rf "$work/program.tar" ./var/lib/edgeshelf

layout=$work/image
umoci init --layout "$layout"
umoci new --image "$layout:$version"
created=$(date -u -d "@$date" +%FT%TZ)
umoci raw add-layer --history.created "$created" --history.created_by 'the Debian libraries' --image "$layout:$version" "$work/base.tar"
umoci raw add-layer --history.created "$created" --history.created_by "edgeshelf $version" --image "$layout:$version" "$work/program.tar"
umoci config --image "$layout:$version" --no-history --created "$created" --os linux --architecture "$architecture" \
  --config.user 65532:65532 --config.workingdir /var/lib/edgeshelf --config.volume /var/lib/edgeshelf --config.exposedports 8080/tcp \
  --config.env PATH=/usr/bin:/bin --config.env STATE_DIRECTORY=/var/lib/edgeshelf --config.env EDGESHELF__Web__Address=0.0.0.0 \
  --config.env MALLOC_ARENA_MAX=2 \
  --config.entrypoint /usr/lib/edgeshelf/edgeshelf --config.cmd run --config.stopsignal SIGTERM \
  --config.label org.opencontainers.image.title=EdgeShelf --config.label "org.opencontainers.image.version=$version"
umoci gc --layout "$layout"

image=dist/edgeshelf_${version}_$architecture.oci.tar
layer "$image" "$layout"
echo "$image"
