#!/usr/bin/env bash
# Runs the chaos tests for a given time: the service runs under faults that depend on a seed. At the end it prints which results were
# lost (there must be none), how often each kind of fault was seen to happen (each must be seen), and the use of memory, file descriptors
# and threads in the second half, in which the service is not killed and uses all of its channels.
#
#   scripts/soak.sh [MINUTES [SEED]]      default: 60 minutes, and the date as the seed
#
# It needs mosquitto and its clients. If it runs as root, it also fills a small disk.
set -euo pipefail
cd "$(dirname "$0")/.."

export EDGESHELF_SOAK_MINUTES=${1:-60} EDGESHELF_SOAK_SEED=${2:-$(date +%Y%m%d)}
command -v mosquitto_sub >/dev/null || { echo 'mosquitto_sub is not installed: apt-get install mosquitto mosquitto-clients' >&2; exit 2; }

dotnet build tests/EdgeShelf.Tests -c Release -nologo -v quiet
exec dotnet run --no-build -c Release --project tests/EdgeShelf.Tests -- -noColor -noLogo -class '*ChaosTests' -diagnostics -showLiveOutput
