#!/usr/bin/env bash
# Installs those of the named Debian packages that are missing, where that is possible (root, apt-get); else says which they are.
#   scripts/apt-install.sh PACKAGE...
set -euo pipefail

missing=()
for package in "$@"; do
  # A Node.js from elsewhere serves as well.
  [[ $package =~ ^(nodejs|npm)$ ]] && command -v "${package%js}" >/dev/null && continue
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  exit 0
fi
if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
  echo "Not installed, and not root: ${missing[*]}. What needs them will be skipped."
  exit 0
fi
echo "Installing ${missing[*]}"
{ apt-get -o DPkg::Lock::Timeout=300 update -qq &&
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null ||
  echo "Could not be installed: ${missing[*]}. What needs them will be skipped."
