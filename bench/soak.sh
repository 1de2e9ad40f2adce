#!/usr/bin/env bash
# Checks that memory stays constant in a long training run: 200 epochs on 16 pictures of DATA, resident memory
# by epoch. Usage: bench/soak.sh DATA [EPOCHS] [options of graft train]
set -euo pipefail
data=${1:?usage: bench/soak.sh DATA [EPOCHS] [options of graft train]}
epochs=${2:-200}
shift $(($# < 2 ? $# : 2))
graft=$(dirname "$0")/../build/graft
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for part in train val; do
  for class in "$data/$part"/*/; do
    mkdir -p "$work/data/$part/$(basename "$class")"
    find "$class" -type f | sort | sed -n 1,8p | xargs cp -t "$work/data/$part/$(basename "$class")"
  done
done
"$graft" train "$work/data" --weights none --epochs "$epochs" --batch-size 8 --out "$work/run" --quiet "$@" &
child=$!
declare -A resident
while kill -0 $child 2> /dev/null; do
  done_epochs=$(wc -l 2> /dev/null < "$work/run/metrics.jsonl" || echo 0)
  kilobytes=$(awk '/^VmRSS/ {print $2}' "/proc/$child/status" 2> /dev/null || true)
  [[ -n $kilobytes ]] && resident[$done_epochs]=$kilobytes
  sleep 0.05
done
wait $child
for epoch in $(printf '%s\n' "${!resident[@]}" | sort -n); do
  if ((epoch % (epochs / 10 > 0 ? epochs / 10 : 1) == 0)); then
    echo "after epoch $epoch: $((resident[$epoch] / 1024)) MiB"
  fi
done
