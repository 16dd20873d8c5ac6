#!/usr/bin/env bash
# Builds ncnn as a shared library from its source tree, with the layers that ResNet-18 needs and those that ncnn puts between them.
#
#   ncnn_build.sh SOURCE FOLDER      writes FOLDER/libncnn.so
#
# CMAKE_BUILD_PARALLEL_LEVEL is the number of compilers that run at once; the default is one for each processor.
set -euo pipefail
source=$1 folder=$2
# Gemm has functions that INT8 convolutions call.
layers='input|split|convolution|pooling|relu|binaryop|innerproduct|gemm|padding|packing|flatten|quantize|dequantize|requantize|cast'

[[ -f $source/src/c_api.h ]] || { echo "ncnn_build.sh: $source is no source tree of ncnn; give the folder that has its CMakeLists.txt" >&2; exit 1; }
for program in cmake make g++; do
  command -v "$program" >/dev/null || { echo "ncnn_build.sh: $program is missing; install its Debian package and run this again" >&2; exit 1; }
done

mapfile -t others_off < <(sed -nE 's/^ncnn_add_layer\((\w+).*/\L\1/p' "$source/src/CMakeLists.txt" | grep -vxE "$layers" | sed 's/.*/-DWITH_LAYER_&=OFF/')
build=$(mktemp -d -p "$folder")
# All else is ncnn's default: kernels for every instruction set, among which it chooses at run time, and OpenMP. The linker's option makes the build fail
# when a layer is missing that another one calls.
cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release -DNCNN_SHARED_LIB=ON -DNCNN_VULKAN=OFF -DNCNN_PIXEL=OFF -DNCNN_BUILD_TOOLS=OFF \
  -DNCNN_BUILD_EXAMPLES=OFF -DNCNN_BUILD_BENCHMARK=OFF -DCMAKE_SHARED_LINKER_FLAGS=-Wl,-z,defs "${others_off[@]}" >"$build/log" 2>&1 || { tail -n 30 "$build/log" >&2; exit 1; }
CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)} cmake --build "$build" >"$build/log" 2>&1 || { tail -n 30 "$build/log" >&2; exit 1; }
cp -L "$build/src/libncnn.so" "$folder/libncnn.so"
rm -rf "$build"
