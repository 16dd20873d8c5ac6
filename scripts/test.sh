#!/usr/bin/env bash
# Builds EdgeShelf and runs its tests against real parts. The script installs the Debian packages that the tests need if it can (as
# root, with apt-get). Otherwise the tests that need them are skipped and print the reason.
#
#   scripts/test.sh                       runs all tests
#   scripts/test.sh -class '*Outbox*'     runs some tests, selected with xunit's options
#
# The last line of the output is `N passed, N failed, N skipped`.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  mosquitto mosquitto-clients  # the broker, and a subscriber that is not our code
  nats-server                  # another broker for a fleet
  jq openssl                   # the issuing script of the fleet's samples
  procps iproute2              # pkill and pgrep, and the simulation of packet loss
  prometheus                   # promtool, which checks the format of /metrics; the server is not started
  chromium nodejs npm          # tests of the page in a real browser
  ffmpeg gir1.2-gst-rtsp-server-1.0 python3-gi    # a network camera: an RTSP server, and the program that reads its stream
  gstreamer1.0-plugins-bad gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly
  man-db mandoc                # the manual pages
  apt-utils gnupg              # an apt repository, and its signature
  python3                      # simulated faulty cameras
  python3-jinja2               # templates of the Home Assistant discovery
  python3-paho-mqtt postgresql python3-psycopg2  # the samples of backends; PostgreSQL runs in a folder of the test
  influxdb                     # the sample for Telegraf
  libjpeg-turbo-progs          # JPEGs of kinds that SkiaSharp cannot write
  python3-torch python3-torchvision python3-onnx  # networks exported from PyTorch for the quantizer, and the training tools
  python3-opencv python3-flask python3-waitress   # the services that the benchmark compares EdgeShelf with
)
scripts/apt-install.sh "${packages[@]}"

if command -v npm >/dev/null; then
  npm ci --silent --prefix tests/EdgeShelf.Tests/Web/Browser || echo 'playwright-core could not be installed from the npm registry. The tests of the page will be skipped.'
fi

dotnet build EdgeShelf.sln -c Release -nologo -v quiet
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
dotnet run --no-build -c Release --project tests/EdgeShelf.Tests -- -noColor "$@" 2>&1 | tee "$log" || status=$?

summary=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
count() { sed -nE "s/.*$1: ([0-9]+).*/\1/p" <<<"$summary"; }
if [[ -z $summary ]]; then
  echo 'The test run did not finish.'
  echo '0 passed, 1 failed, 0 skipped'
  exit 1
fi
failed=$(($(count Failed) + $(count Errors)))
skipped=$(count Skipped)
passed=$(($(count Total) - $(count Failed) - skipped - $(count 'Not Run')))
((status == 0 || failed > 0)) || failed=1
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
