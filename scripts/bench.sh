#!/usr/bin/env bash
# Compares EdgeShelf with what people would use instead: Flask with PyTorch (FP32, frozen, INT8) or OpenCV, all with the same network on the same
# pictures. It measures them in turn and writes tests/EdgeShelf.Benchmarks/results/RESULTS.md and charts. It took 16 minutes on a busy machine of two cores.
#
#   scripts/bench.sh [--data LIST.csv [--root DIR]] [--calibration LIST.csv] [--program FOLDER] [--output DIR] [--ncnn DIR] [--quick]
#
#   --data LIST.csv          labelled pictures, path,class_id or path,label, on which the accuracy is measured too
#   --root DIR               where the paths of both lists start; default: the list's folder
#   --calibration LIST.csv   pictures for PyTorch's quantization, with a column path; default: the sample pictures
#   --program FOLDER         a folder with the program edgeshelf; default: the package is built for this machine and unpacked
#   --output DIR             where the results go
#   --ncnn DIR               a source tree of ncnn, which is built and measured too
#   --quick                  few requests, to try whether it works; uses what is built, and the figures mean nothing
#
# It installs the Debian packages that it needs if it can (as root, with apt-get). Nothing else may use the machine while it measures.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
project=$(dirname "$here")
benchmarks=$project/tests/EdgeShelf.Benchmarks
typed=scripts/bench.sh

data='' root='' calibration='' program='' output=$benchmarks/results ncnn='' quick=''
while (($# > 0)); do
  case $1 in
    --quick) quick=yes; typed+=' --quick'; shift; continue ;;
    --data | --root | --calibration | --program | --output | --ncnn) (($# > 1)) || { echo "bench.sh: $1 needs a value" >&2; exit 2; } ;;
    *) sed -n '2,15s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  case $1 in
    --data) data=$(readlink -f "$2") ;;
    --root) root=$(readlink -f "$2") ;;
    --calibration) calibration=$(readlink -f "$2") ;;
    --program) program=$(readlink -f "$2") ;;
    --output) output=$(readlink -m "$2") ;;
    --ncnn) ncnn=$(readlink -f "$2") ;;
  esac
  # The results name files, not the folders of this machine.
  typed+=" $1 $(basename "$2")"
  shift 2
done

"$here/apt-install.sh" python3-torch python3-torchvision python3-onnx python3-opencv python3-flask python3-waitress jq ${ncnn:+cmake make g++}
for module in torch torchvision onnx cv2 flask waitress; do
  /usr/bin/python3 -c "import importlib.util, sys; sys.exit(importlib.util.find_spec('$module') is None)" ||
    { echo "bench.sh: the Python module $module is missing; install its Debian package and run this again" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1

if [[ -n $ncnn ]]; then
  library=$benchmarks/obj/libncnn.so
  if [[ -z $quick || ! -f $library ]]; then
    echo 'Building ncnn ...'
    "$benchmarks/peers/ncnn_build.sh" "$ncnn" "$work"
    mkdir -p "$(dirname "$library")"
    mv "$work/libncnn.so" "$library"
  fi
  ln -s "$library" "$work/libncnn.so"
  # The commit if the folder is a checkout, else its name, which has the version in ncnn's archives.
  ncnn_version=$(basename "$ncnn")
  if [[ -e $ncnn/.git ]]; then
    ncnn_version=$(git -C "$ncnn" rev-parse --short HEAD)
  fi
fi

run=$benchmarks/bin/Release/net10.0/EdgeShelf.Benchmarks
if [[ -z $quick || ! -x $run ]]; then
  dotnet build "$benchmarks" -c Release -nologo -v quiet
fi
if [[ -n $quick && -z $program ]]; then
  program=$benchmarks/bin/Release/net10.0
elif [[ -z $program ]]; then
  echo 'Building the package ...'
  deb=$(cd "$project" && scripts/package.sh "$(dpkg --print-architecture)" 2>"$work/package.log") || { cat "$work/package.log" >&2; exit 1; }
  dpkg-deb -x "$project/$deb" "$work/package"
  program=$work/package/usr/lib/edgeshelf
fi

echo 'Writing the network for the other engines ...'
model=$project/models/grocery-81
samples=("$project"/src/EdgeShelf/Cli/DemoPictures/*.jpg "$project"/src/EdgeShelf/Cli/DemoFilm/frames/*.jpg)
if [[ -n $calibration ]]; then
  # Evenly spread over the list, so that all classes have a part in it.
  mapfile -t samples < <(/usr/bin/python3 - "$calibration" "${root:-$(dirname "$calibration")}" <<'PYTHON'
import csv, os, sys
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    paths = [os.path.join(sys.argv[2], row["path"]) for row in csv.DictReader(file)]
print(*paths[::max(1, len(paths) // 128)][:128], sep="\n")
PYTHON
  )
fi
/usr/bin/python3 "$benchmarks/peers/float_network.py" "$model/model.int8.onnx" "$work/network.onnx" "$work/network.pt"
/usr/bin/python3 "$benchmarks/peers/torch_network.py" "$model" "$work/network.pt" "$work/network-int8.pt" "${samples[@]}"

if [[ -n $ncnn ]]; then
  /usr/bin/python3 "$benchmarks/peers/ncnn_files.py" "$model/model.int8.onnx" "$work/network.onnx" "$work"
  /usr/bin/python3 "$benchmarks/peers/ncnn_network.py" "$model" "$work" "${samples[@]:0:16}"
fi

commit=$(git -C "$project" rev-parse --short HEAD 2>/dev/null || true)
"$run" --side-by-side --networks "$work" --peers "$benchmarks/peers" --edgeshelf "$program/edgeshelf" --output "$output" \
  --command "$typed" --commit "$commit" ${data:+--data "$data"} ${root:+--root "$root"} ${ncnn:+--ncnn "$ncnn_version"} ${quick:+--quick}
