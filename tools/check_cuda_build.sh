#!/usr/bin/env bash
# Checks that graft compiles and links against a libtorch built for CUDA, including the files for CUDA graphs.
# Needs no GPU, driver or toolkit, and does not run what it builds (docs/gpu.md).
#
#   tools/check_cuda_build.sh [FOLDER]   default build/cuda-check; takes about 3 GB and the time of a build
#   TORCH=2.11.0                         version of torch on PyPI, 2.7 or newer
#   JOBS=2                               parallel compiler processes
set -euo pipefail
cd "$(dirname "$0")/.."

torch_version=${TORCH:-2.11.0}
folder=$(realpath -m "${1:-build/cuda-check}")

say() { printf 'check_cuda_build: %s\n' "$*"; }
stop() { say "$*" >&2; exit 1; }

# Only the wheel and the runtime's headers: the compute libraries (cuDNN, cuBLAS, NCCL) are gigabytes and not
# needed to compile.
install_libtorch() {
  [[ -x $folder/venv/bin/pip ]] || python3 -m venv "$folder/venv"
  local pip=("$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps)
  "${pip[@]}" "torch==$torch_version"
  packages=$(echo "$folder"/venv/lib/python3*/site-packages)
  [[ -e $packages/torch/lib/libtorch_cuda.so ]] ||
    stop "torch $torch_version of this package index is not built for CUDA; try PIP_INDEX_URL=https://pypi.org/simple"
  cuda=$(sed -n "s/^cuda[^=]*= '\(.*\)'.*/\1/p" "$packages/torch/version.py")
  if [[ ${cuda%%.*} -ge 13 ]]; then
    "${pip[@]}" "nvidia-cuda-runtime==$cuda.*" "nvidia-cuda-crt==$cuda.*"
  else
    "${pip[@]}" "nvidia-cuda-runtime-cu${cuda%%.*}==$cuda.*"
  fi
  say "torch $torch_version for CUDA $cuda"
}

build() {
  cmake -S . -B "$folder/build" -G Ninja --log-level=WARNING -DCMAKE_BUILD_TYPE=Release -DGRAFT_WERROR=ON \
    -DGRAFT_TESTS=OFF -DTorch_ROOT="$packages/torch" \
    -DCMAKE_EXE_LINKER_FLAGS=-Wl,--unresolved-symbols=ignore-in-shared-libs
  cmake --build "$folder/build" --target graft_cli --parallel "${JOBS:-2}"
}

check_contents() {
  nm -C "$folder/build/lib/libgraft.a" 2>/dev/null | grep 'U at::cuda::CUDAGraph::replay' >/dev/null ||
    stop "the library has no CUDA graphs: CMake did not find the runtime's headers"
  readelf -d "$folder/build/graft" | grep 'NEEDED.*libtorch_cuda' >/dev/null ||
    stop "the program does not load libtorch's CUDA part"
}

install_libtorch
build
check_contents
say "graft compiles and links; nothing was run"
