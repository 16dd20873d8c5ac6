#!/usr/bin/env bash
# The chaos tests for as long as you like: the service under faults that a seed gives. Says at the end what was lost (nothing, we
# promise), and how memory, descriptors and threads went in the second half, in which the service is not killed any more.
#
#   scripts/soak.sh [MINUTES [SEED]]      default: 60 minutes, a seed of the day
#
# Needs mosquitto and its clients; as root it fills a small disk as well.
set -euo pipefail
cd "$(dirname "$0")/.."

export EDGESHELF_SOAK_MINUTES=${1:-60} EDGESHELF_SOAK_SEED=${2:-$(date +%Y%m%d)}
command -v mosquitto_sub >/dev/null || { echo 'mosquitto_sub is not installed: apt-get install mosquitto mosquitto-clients' >&2; exit 2; }

dotnet build tests/EdgeShelf.Tests -c Release -nologo -v quiet
exec dotnet run --no-build -c Release --project tests/EdgeShelf.Tests -- -noColor -noLogo -class '*ChaosTests' -diagnostics -showLiveOutput
