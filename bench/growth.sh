#!/usr/bin/env bash
# Cost by the number of pictures: indexing and the training pipeline with 1,000, 10,000 and 100,000 pictures.
#   bench/growth.sh PICTURES [GRAFT [COUNT...]]      e.g. bench/growth.sh hymenoptera_data/train build/graft 1000 10000
# The .jpg files below the folder PICTURES are hard-linked, repeatedly if necessary, into 100 class folders of
# a temporary folder beside it (hard links need the same file system), which is removed at the end. Prints a
# line of JSON for each COUNT.
set -euo pipefail

if [ $# -lt 1 ] || [ ! -d "$1" ]; then
  echo "usage: bench/growth.sh PICTURES [GRAFT [COUNT...]]" >&2
  exit 2
fi
pictures=$(cd "$1" && pwd)
graft=$(realpath "${2:-$(dirname "$0")/../build/graft}")
counts=("${@:3}")
[ ${#counts[@]} -gt 0 ] || counts=(1000 10000 100000)
if [ ! -x "$graft" ]; then
  echo "$graft: no such program; build it, or give its path as the second argument" >&2
  exit 1
fi

tree=$(mktemp -d "$(dirname "$pictures")/growth.XXXXXX")
trap 'rm -rf "$tree"' EXIT

# Links each picture once under a simple name.
mkdir "$tree/seed"
available=0
while IFS= read -r -d '' file; do
  available=$((available + 1))
  ln "$file" "$(printf '%s/seed/%06d.jpg' "$tree" "$available")"
done < <(find "$pictures" -type f -iname '*.jpg' -print0 | sort -z)
if [ "$available" -eq 0 ]; then
  echo "$pictures: contains no .jpg files" >&2
  exit 1
fi
cd "$tree/seed"

# Each sub-folder of a class contains every picture once.
fill_class() {  # FOLDER WANTED
  local folder=$1 wanted=$2 part=0
  while [ "$wanted" -gt 0 ]; do
    local take=$((wanted < available ? wanted : available))
    mkdir -p "$folder/$part"
    ls | head -n "$take" | xargs sh -c 'ln "$@" "$0"' "$folder/$part"
    wanted=$((wanted - take)) part=$((part + 1))
  done
}

for count in "${counts[@]}"; do
  rm -rf "$tree/data"
  for ((class = 0; class < 100; ++class)); do
    fill_class "$tree/data/$(printf 'class_%03d' "$class")" $((count * (class + 1) / 100 - count * class / 100))
  done
  printf '{"pictures": %d, "bench": %s}\n' "$count" \
    "$("$graft" bench "$tree/data" --rows index,pipeline-train --epochs 1 --json | tr '\n' ' ')"
done
