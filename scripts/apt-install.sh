#!/usr/bin/env bash
# Installs the named Debian packages that are missing if it can (as root, with apt-get). Otherwise it prints which are missing.
#   scripts/apt-install.sh PACKAGE...
set -euo pipefail

missing=()
for package in "$@"; do
  # Node.js from another source is also accepted.
  [[ $package =~ ^(nodejs|npm)$ ]] && command -v "${package%js}" >/dev/null && continue
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  exit 0
fi
if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
  echo "Missing packages, which cannot be installed without root and apt-get: ${missing[*]}. Tests that need them will be skipped."
  exit 0
fi
echo "Installing ${missing[*]}"
{ apt-get -o DPkg::Lock::Timeout=300 update -qq &&
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null ||
  echo "These packages could not be installed: ${missing[*]}. Tests that need them will be skipped."
