#!/usr/bin/env bash
# Builds EdgeShelf and runs its tests against real parts. What the tests need from Debian is installed where that is
# possible (root, apt-get); where it is not, the tests that need it are skipped and say why.
#
#   scripts/test.sh                       all of them
#   scripts/test.sh -class '*Outbox*'     some, with xunit's own switches
#
# Ends with a line `N passed, N failed, N skipped`.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  mosquitto mosquitto-clients  # the broker, and a subscriber that is not our code
  procps iproute2              # pkill, pgrep; a network that loses packets
  prometheus                   # promtool, Prometheus' own judge of /metrics; the server is not started
  chromium nodejs npm          # the page in a real browser
  python3                      # the hostile cameras
  libjpeg-turbo-progs          # JPEGs that SkiaSharp does not write
  python3-torch python3-torchvision python3-onnx  # networks as people export them, to be quantized; the training tools
)
scripts/apt-install.sh "${packages[@]}"

if command -v npm >/dev/null; then
  npm ci --silent --prefix tests/EdgeShelf.Tests/Web/Browser || echo 'playwright-core cannot be had from the npm registry: the tests of the page will be skipped.'
fi

dotnet build EdgeShelf.sln -c Release -nologo -v quiet
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
dotnet run --no-build -c Release --project tests/EdgeShelf.Tests -- -noColor "$@" 2>&1 | tee "$log" || status=$?

summary=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
count() { sed -nE "s/.*$1: ([0-9]+).*/\1/p" <<<"$summary"; }
if [[ -z $summary ]]; then
  echo 'The tests did not run to their end.'
  echo '0 passed, 1 failed, 0 skipped'
  exit 1
fi
failed=$(($(count Failed) + $(count Errors)))
skipped=$(count Skipped)
passed=$(($(count Total) - $(count Failed) - skipped - $(count 'Not Run')))
((status == 0 || failed > 0)) || failed=1
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
