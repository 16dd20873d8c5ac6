#!/bin/bash
# Counts the ARM64 instructions that EdgeShelf takes for one picture of 1280 x 960 pixels, stage by stage, and compares them with
# counting/budgets.txt: a stage that takes more than 3 % above its budget is a failure. The counts do not depend on how busy this host is.
#   tests/device/instructions.sh [--deb FILE | --program FOLDER] [--write | --service] [cortex-a53|cortex-a72|cortex-a76 ...]     default: all three
# Without --deb or --program it builds the package first. --program names a folder that `dotnet publish -r linux-arm64` wrote. --write makes
# the counts the new budgets. --service counts what the whole service takes instead, from its start and while little happens, and compares it
# with nothing. It installs the Debian packages that it needs if it can. A processor takes about two minutes.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
project=$(readlink -f "$here/../..")
budgets=$here/counting/budgets.txt

deb= program= write= service=
processors=()
while [ $# -gt 0 ]; do
  case $1 in
    --deb) deb=$(readlink -f "$2"); shift 2 ;;
    --program) program=$(readlink -f "$2"); shift 2 ;;
    --write) write=yes; shift ;;
    --service) service=yes; shift ;;
    cortex-a53 | cortex-a72 | cortex-a76) processors+=("$1"); shift ;;
    *) sed -n '2,8s/^# //p' "$0" >&2; exit 2 ;;
  esac
done
[ ${#processors[@]} -gt 0 ] || processors=(cortex-a53 cortex-a72 cortex-a76)

"$project/scripts/apt-install.sh" qemu-system-arm mmdebstrap cpio jq
for tool in qemu-system-aarch64 mmdebstrap cpio jq; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 0; }
done

machine=$("$here/counting/build.sh")
run=$(mktemp -d)
trap '[ -z "${qemu:-}" ] || kill -9 "$qemu" 2>/dev/null; rm -rf "$run"' EXIT
if [ -z "$program" ]; then
  [ -n "$deb" ] || deb=$project/$(cd "$project" && scripts/package.sh arm64 2>"$run/package.log") || { cat "$run/package.log"; exit 1; }
  dpkg-deb -x "$deb" "$run/package"
  program=$run/package/usr/lib/edgeshelf
fi

# The kernel reads archives one after another. Only the second one changes with the program.
(cd "$machine/root" && find . | cpio --quiet -o -H newc) >"$run/initrd"
mkdir "$run/files"
ln -s "$program" "$run/files/edgeshelf"
ln -s "$here/counting/picture.jpg" "$run/files/picture.jpg"
(cd "$run/files" && find -L . | cpio --quiet -oL -H newc) >>"$run/initrd"

# boot PROCESSOR TASK...: boots the machine, which does the task of counting/init and switches itself off. What it printed is in $run/console.log.
boot() {
  qemu-system-aarch64 -M virt -cpu "$1" -smp 1 -m 1536 -icount shift=0,sleep=off -display none -nic none -no-reboot \
    -kernel "$machine/vmlinuz" -initrd "$run/initrd" -append "console=ttyAMA0 quiet panic=-1 task=${*:2}" -serial "file:$run/console.log" &
  qemu=$!
  local deadline=$((SECONDS + 1800))
  while kill -0 "$qemu" 2>/dev/null; do
    ((SECONDS < deadline)) || { echo "The machine does not end; its console ends with:"; tail -n 20 "$run/console.log"; exit 1; }
    sleep 1
  done
  qemu=
}

# figures FILTER: the lines of JSON on the console, through jq.
figures() {
  if ! grep -a '^{' "$run/console.log" | tr -d '\r' | jq -er "$1"; then
    echo "The machine printed no figures; the console ends with:" >&2
    tail -n 20 "$run/console.log" >&2
    exit 1
  fi
}

if [ -n "$service" ]; then
  for processor in "${processors[@]}"; do
    for interval in 00:00:00 00:01:00; do
      boot "$processor" service "interval=$interval"
      printf '\n%s, interval %s\n' "$processor" "$interval"
      figures '"\(.what): \(.instructions_m) M instructions\(if .seconds then ", \(.instructions_m / .seconds * 100 | round / 100) M a second" else "" end)"'
    done
  done
  exit
fi

stages='{hash, decode, check, preprocess, quality, signature, inference, total, thumbnail} | to_entries[] | [.key, .value.median] | @tsv'
failed=0
for processor in "${processors[@]}"; do
  boot "$processor" bench
  figures . >"$run/$processor.json"
  jq -r "$stages" "$run/$processor.json" >"$run/$processor.tsv"
  # The unit tests compare the vector code of x64 with plain numbers, and this the vector code of ARM64 with that of x64.
  if [ "$(jq -r .pixels_sha256 "$run/$processor.json")" != "$(cat "$here/counting/pixels.sha256")" ]; then
    echo "On $processor the crop, its quality or its signature differ from those of x64: compare pixels_sha256 of \`edgeshelf bench --json\`."
    failed=1
  fi
done

if [ -n "$write" ]; then
  {
    echo "# Million instructions of the stages of one picture, as instructions.sh counts them. \`instructions.sh --write\` writes this file."
    printf '%-12s' stage
    printf '%12s' "${processors[@]}"
    echo
    while IFS=$'\t' read -r stage _; do
      printf '%-12s' "$stage"
      for processor in "${processors[@]}"; do
        awk -v stage="$stage" '$1 == stage { printf "%12.2f", $2 }' "$run/$processor.tsv"
      done
      echo
    done <"$run/${processors[0]}.tsv"
  } >"$budgets"
  cat "$budgets"
  exit "$failed"
fi

for processor in "${processors[@]}"; do
  column=$(awk -v processor="$processor" '$1 == "stage" { for (i = 2; i <= NF; i++) if ($i == processor) print i }' "$budgets")
  [ -n "$column" ] || { echo "$budgets has no column $processor. Write it with --write."; exit 1; }
  printf '\n%-12s%16s%12s\n' "$processor" "M instructions" budget
  # A difference of 50000 instructions is never a failure: an interrupt takes about so many.
  awk -v column="$column" '
    NR == FNR { if ($1 !~ /^#/) budget[$1] = $column; next }
    !($1 in budget) { printf "%-12s%16.2f%12s  has no budget\n", $1, $2, "-"; failed = 1; next }
    {
      over = $2 > budget[$1] * 1.03 && $2 > budget[$1] + 0.05
      printf "%-12s%16.2f%12.2f%s\n", $1, $2, budget[$1], over ? "  more than 3 % above the budget" : ""
      failed = failed || over
    }
    END { exit failed }' "$budgets" "$run/$processor.tsv" || failed=1
  jq -r '"\(.allocated_bytes) bytes of managed memory a picture, \(.rss_mb) MB resident"' "$run/$processor.json"
done
[ "$failed" = 0 ] || echo "Where the work is meant to take more, write new budgets with --write and say why in the commit."
exit "$failed"
