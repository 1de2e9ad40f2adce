#!/usr/bin/env bash
# Which libtorch tools/setup.sh installs with and without a GPU, and with and without PyTorch's address. The indexes are
# folders of small wheels behind a server of this machine; nvidia-smi is a script.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

fail() { printf 'FAILED: %s\n%s\n' "$*" "$output" >&2; exit 1; }

make_source_tree() {
  mkdir -p "$folder/graft/tools" "$folder/shims" "$folder/hub/checkpoints"
  cp "$here"/../../tools/{setup.sh,download_size.py} "$folder/graft/tools/"
  cp "$here/../../requirements.txt" "$folder/graft/"
  # The weights are in place already.
  sed -nE 's/^ *"(efficientnet[^ ]+) .*/\1/p' "$here/../../tools/setup.sh" | while read -r file; do
    touch "$folder/hub/checkpoints/$file"
  done
}

start_server() {
  python3 "$here/make_wheels.py" "$here/../../requirements.txt" "$folder/index"
  # Prints its port, then a line for each request.
  python3 -u -c '
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(server.server_address[1])
server.serve_forever()' "$folder/index" > "$folder/port" 2> "$folder/requests" &
  server=$!
  until [[ -s $folder/port ]]; do sleep 0.1; done
  address=http://127.0.0.1:$(< "$folder/port")
}

nvidia_smi() {
  printf '#!/bin/sh\n%s\n' "$1" > "$folder/shims/nvidia-smi"
  chmod +x "$folder/shims/nvidia-smi"
}

# Runs a command with pip's configuration for the server's index alone.
with_index() {
  env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL -u LIBTORCH -u GRAFT_CUDA -u no_proxy NO_PROXY=127.0.0.1 \
    PIP_CONFIG_FILE=/dev/null PIP_INDEX_URL="$address/pypi" PIP_RETRIES=0 PIP_NO_CACHE_DIR=1 \
    PATH="$folder/shims:$PATH" TORCH_HOME="$folder" GRAFT_SKIP_APT=1 "$@"
}

# expect OUTPUT_PATTERN "WHEELS" VARIABLE=VALUE...: sets up from nothing.
expect() {
  local pattern=$1 wheels=$2 packages installed
  shift 2
  rm -rf "$folder"/graft/.venv/{installed-requirements.txt,lib/python3*/site-packages/{torch,nvidia,efficientnet}*}
  output=$(with_index "$@" "$folder/graft/tools/setup.sh" 2>&1) || fail "set-up failed"
  [[ $output == $pattern ]] || fail "the output does not match $pattern"
  packages=$(echo "$folder"/graft/.venv/lib/python3*/site-packages)
  installed=$(cd "$packages" && ls -d {nvidia,torch}*.dist-info 2>/dev/null | tr '\n' ' ') || true
  [[ $installed == "$wheels" ]] || fail "installed $installed in place of $wheels"
}

make_source_tree
start_server
version=$(sed -n 's/^torch==//p' "$folder/graft/requirements.txt")
cuda_wheels="nvidia_cublas-13.1.dist-info torch-$version.dist-info " cpu_wheels="torch-$version+cpu.dist-info "
cpu=GRAFT_CPU_INDEX=$address/cpu gone=GRAFT_CPU_INDEX=http://127.0.0.1:1

nvidia_smi 'echo "No devices were found"; exit 6'
expect "*PyTorch's build for CPUs from $address/cpu*downloading 44 MB*torch $version+cpu, 11 MB*ready*" "$cpu_wheels" $cpu
expect "*package index's build, perhaps the large one for CUDA*cannot be reached at http://127.0.0.1:1*downloading 75 MB*nvidia-cublas 13.1, 30 MB*torch $version, 12 MB*ready*" \
  "$cuda_wheels" $gone
expect "*package index's build: an NVIDIA GPU*torch $version, 12 MB*" "$cuda_wheels" $cpu GRAFT_CUDA=1
expect "*libtorch is that in /opt/libtorch*downloading 33 MB*" "" $cpu LIBTORCH=/opt/libtorch

nvidia_smi 'echo "GPU 0: NVIDIA H100 (UUID: GPU-1234)"'
expect "*package index's build: an NVIDIA GPU*torch $version, 12 MB*" "$cuda_wheels" $cpu
expect "*PyTorch's build for CPUs*torch $version+cpu, 11 MB*" "$cpu_wheels" $cpu GRAFT_CUDA=0

output=$(with_index $cpu "$folder/graft/tools/setup.sh")
[[ $output == "setup: ready" ]] || fail "a second run does more than nothing"

: > "$folder/requests"
output=$(with_index "$folder/graft/.venv/bin/python" "$folder/graft/tools/download_size.py" torch==$version)
[[ $output == "downloading 42 MB"* ]] || fail "another size"
! grep 'GET [^ ]*\.whl ' "$folder/requests" || fail "the size was found by downloading"
grep -q 'HEAD [^ ]*\.whl ' "$folder/requests" || fail "the size was not asked for"
echo "8 passed, 0 failed"
