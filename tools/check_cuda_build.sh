#!/usr/bin/env bash
# Does graft compile and link against a libtorch that is built for CUDA, the files for CUDA graphs with it? Needs
# no GPU, no driver and no toolkit, and runs nothing of what it builds (docs/gpu.md).
#
#   tools/check_cuda_build.sh [FOLDER]   default build/cuda-check; takes about 3 GB and the time of a build
#   TORCH=2.11.0                         which torch of PyPI, 2.7 or newer
#   JOBS=2                               compilers beside each other
set -euo pipefail
cd "$(dirname "$0")/.."

torch_version=${TORCH:-2.11.0}
folder=$(realpath -m "${1:-build/cuda-check}")

say() { printf 'check_cuda_build: %s\n' "$*"; }
stop() { say "$*" >&2; exit 1; }

# The wheel alone and the runtime's headers: the libraries that it computes with (cuDNN, cuBLAS, NCCL) are gigabytes
# that no compiler reads.
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
    stop "the library has no CUDA graphs in it: CMake did not find the runtime's headers"
  readelf -d "$folder/build/graft" | grep 'NEEDED.*libtorch_cuda' >/dev/null ||
    stop "the program does not load libtorch's CUDA part"
}

install_libtorch
build
check_contents
say "graft compiles and links; nothing has been run"
