#!/usr/bin/env bash
# Validation accuracy over seeds: mean and standard deviation, of the best and of the last epoch.
#   bench/accuracy.sh SEEDS train-arguments…      e.g. bench/accuracy.sh 5 DATA --model efficientnet_lite0 --epochs 8
set -euo pipefail
graft=$(cd "$(dirname "$0")/.." && pwd)/build/graft
seeds=$1
shift
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for ((seed = 0; seed < seeds; ++seed)); do
  "$graft" train "$@" --seed "$seed" --out "$out/run$seed" --quiet --json
done | tee >(cat >&2) | awk -F'[:,}]' '
  function field(name,   i) { for (i = 1; i < NF; ++i) if ($i ~ "\"" name "\"") return $(i + 1) }
  { best[NR] = field("best_val_acc"); last[NR] = field("last_val_acc"); seconds += field("seconds") }
  function describe(name, x,   i, mean, square) {
    for (i = 1; i <= NR; ++i) mean += x[i] / NR
    for (i = 1; i <= NR; ++i) square += (x[i] - mean) ^ 2
    printf "%s epoch: mean %.4f, standard deviation %.4f over %d seeds\n", name, mean, NR > 1 ? sqrt(square / (NR - 1)) : 0, NR
  }
  END { describe("best", best); describe("last", last); printf "%.1f s per run\n", seconds / NR }'
