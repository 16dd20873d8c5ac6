#!/bin/bash
# Builds dist/edgeshelf_<version>_<architecture>.deb on an x64 machine and prints its path.
#   scripts/package.sh [arm64|amd64]            default: arm64
#   scripts/package.sh --repository FOLDER [DEB...]
# The second form puts packages, by default those in dist/, into a folder that is an unsigned apt repository.
# It needs the .NET SDK, dpkg-deb and GCC for the architecture, which it installs from Debian if it can; for a repository only apt-ftparchive,
# of Debian's apt-utils. The package runs on Debian releases from that of this machine on, because the program is linked with its C library.
# VERSION=1.2.3 overrides the version in Directory.Build.props.
set -euo pipefail
checkout=$(dirname "$(readlink -f "$0")")/..

# Adds packages to a folder and writes its index. The packages that are there stay, so that devices can go back to an earlier version.
if [ "${1:-}" = --repository ]; then
  [ -n "${2:-}" ] || { echo "package.sh: name the folder of the repository behind --repository" >&2; exit 2; }
  command -v apt-ftparchive >/dev/null || { echo "package.sh: apt-ftparchive is missing; install apt-utils first" >&2; exit 1; }
  repository=$(realpath -m "$2")
  debs=("${@:3}")
  [ ${#debs[@]} -gt 0 ] || debs=("$checkout"/dist/edgeshelf_*.deb)
  [ -e "${debs[0]}" ] || { echo "package.sh: ${debs[0]} does not exist; build a package first with scripts/package.sh" >&2; exit 1; }
  index=$(mktemp -d)
  trap 'rm -rf "$index"' EXIT
  mkdir -p "$repository"
  cp -- "${debs[@]}" "$repository"
  mkdir "$index/hashed"
  (cd "$repository" && apt-ftparchive packages .) >"$index/hashed/Packages"
  gzip -9nk "$index/hashed/Packages"
  apt-ftparchive -o APT::FTPArchive::Release::Origin=EdgeShelf -o APT::FTPArchive::Release::Suite=stable \
    -o APT::FTPArchive::Release::Architectures="$(sed -n 's/^Architecture: //p' "$index/hashed/Packages" | sort -u | xargs)" \
    release "$index/hashed" >"$index/Release"
  # A signature of the earlier index does not match the new one.
  rm -f "$repository"/{InRelease,Release.gpg}
  mv "$index/hashed"/* "$index/Release" "$repository"
  # A web server reads the files as another user.
  chmod a+rX "$repository" "$repository"/*
  echo "$repository"
  exit
fi
cd "$checkout"

architecture=${1:-arm64}
case $architecture in
  arm64) runtime=linux-arm64 target=aarch64-linux-gnu ;;
  amd64) runtime=linux-x64 target=x86_64-linux-gnu ;;
  *) echo "package.sh: the architecture is $architecture; allowed are arm64 and amd64" >&2; exit 2 ;;
esac
if ! command -v "$target-gcc" >/dev/null; then
  if [ "$architecture" = "$(dpkg --print-architecture)" ]; then compiler=(gcc libc6-dev); else compiler=("gcc-${target/_/-}" "libc6-dev-$architecture-cross"); fi
  scripts/apt-install.sh "${compiler[@]}" >&2
fi
for tool in dotnet dpkg-deb "$target-gcc" "$target-objcopy" "$target-objdump"; do
  command -v "$tool" >/dev/null || { echo "package.sh: $tool is missing; install it first" >&2; exit 1; }
done
version=${VERSION:-$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)}

stage=dist/package-$architecture
program=$stage/usr/lib/edgeshelf
deb=dist/edgeshelf_${version}_$architecture.deb
rm -rf "$stage"
mkdir -p "$program"

# Use a separate folder for the build, so that the output of `dotnet build` does not change. The compiler's packages follow the SDK's version,
# so a copy of the lock file gets them; all others stay as they are locked.
mkdir -p dist/build
cp src/EdgeShelf/packages.lock.json dist/build/
dotnet publish src/EdgeShelf --nologo -v quiet -c Release -r "$runtime" -p:Version="$version" --artifacts-path dist/build -o "$program" \
  -p:PublishAot=true -p:CppCompilerAndLinker="$target-gcc" -p:ObjCopyName="$target-objcopy" \
  -p:RestoreLockedMode=false -p:NuGetLockFilePath="$PWD/dist/build/packages.lock.json" >&2

# Remove what a device never loads: symbols, documentation, and ONNX Runtime for Windows and for processors other than the CPU.
(cd "$program" && rm -f ./*.dbg ./*.pdb edgeshelf.xml onnxruntime.dll onnxruntime_providers_shared.dll libonnxruntime_providers_shared.so)
# The earliest C library that has all functions the program was linked with.
libc=$("$target-objdump" -T "$program/edgeshelf" "$program"/*.so | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1 | cut -d_ -f2)

install -d "$stage"/{DEBIAN,usr/bin} "$stage/etc/edgeshelf"
ln -s ../lib/edgeshelf/edgeshelf "$stage/usr/bin/edgeshelf"
install -D -m 644 systemd/edgeshelf.json "$stage/etc/edgeshelf/edgeshelf.json"
install -D -m 644 -t "$stage/lib/systemd/system" systemd/edgeshelf.service systemd/edgeshelf-setup.service systemd/edgeshelf-stick@.service
install -D -m 644 systemd/edgeshelf.sysusers "$stage/usr/lib/sysusers.d/edgeshelf.conf"
install -D -m 644 systemd/edgeshelf.udev "$stage/lib/udev/rules.d/90-edgeshelf.rules"
install -D -m 644 scripts/debian/edgeshelf.bash-completion "$stage/usr/share/bash-completion/completions/edgeshelf"
install -D -m 644 scripts/debian/lintian-overrides "$stage/usr/share/lintian/overrides/edgeshelf"

# The schema of the settings, to which the installed file points; that of the answers of `setup`; those of the documents; and the dashboard.
shared=$stage/usr/share/edgeshelf
install -D -m 644 -t "$shared" systemd/edgeshelf.schema.json systemd/edgeshelf-setup.schema.json scripts/grafana-dashboard.json
install -D -m 644 -t "$shared/schemas" src/EdgeShelf/Publish/schemas/*.json

documents=$stage/usr/share/doc/edgeshelf
# Use the commit's time for all timestamps, so that the same commit produces the same package.
date=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y Directory.Build.props)
install -d "$documents" "$stage"/usr/share/man/man{1,5}
for page in edgeshelf.1 edgeshelf.json.5; do
  sed "s/@VERSION@/$version/; s/@DATE@/$(date -u -d "@$date" +%F)/" "scripts/debian/$page" | gzip -9n >"$stage/usr/share/man/man${page##*.}/$page.gz"
done
cp scripts/debian/copyright "$documents/copyright"
# The READMEs keep their folders, so that their links to each other work.
for readme in README.md CHANGELOG.md SECURITY.md systemd/README.md models/README.md src/EdgeShelf/*/README.md; do
  install -D -m 644 "$readme" "$documents/$readme"
done
printf 'edgeshelf (%s) stable; urgency=medium\n\n  * Version %s.\n\n -- The EdgeShelf authors <edgeshelf@localhost.localdomain>  %s\n' \
  "$version" "$version" "$(date -u -R -d "@$date")" | gzip -9n >"$documents/changelog.gz"

find "$stage" -type d -exec chmod 755 {} +
find "$stage" -type f -exec chmod 644 {} +
chmod 755 "$program/edgeshelf"
for script in preinst postinst prerm postrm; do install -m 755 "scripts/debian/$script" "$stage/DEBIAN/$script"; done
echo /etc/edgeshelf/edgeshelf.json >"$stage/DEBIAN/conffiles"
sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@LIBC@/$libc/; s/@INSTALLED_SIZE@/$(du -sk --exclude=DEBIAN "$stage" | cut -f1)/" \
  scripts/debian/control.in >"$stage/DEBIAN/control"
(cd "$stage" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)

SOURCE_DATE_EPOCH=$date dpkg-deb --root-owner-group -Zxz --build "$stage" "$deb" >&2
rm -rf "$stage"
echo "$deb"
