#!/usr/bin/env bash
# Checks the results and measures the speed of graft on this machine's GPU: runs the measurements of
# docs/gpu.md and prints the lines of its table. Needs a full build (cmake --build build) against a libtorch
# for CUDA, and exclusive use of the GPU.
#
#   tools/measure_gpu.sh hymenoptera_data [FOLDER]   writes runs and logs to FOLDER, default build/measure-gpu
#   DEVICE=cuda:1       another device
#   WEIGHTS=none        ResNet-18's weights; random by default, to avoid a download; times are the same
#   WORKERS=16          decoding threads; default: one per core
set -euo pipefail
cd "$(dirname "$0")/.."

[[ -d ${1:-}/train && -d $1/val ]] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
data=$(realpath "$1")
folder=$(realpath -m "${2:-build/measure-gpu}")
device=${DEVICE:-cuda}
workers=${WORKERS:-$(nproc)}
network=(--model resnet18 --weights "${WEIGHTS:-none}" --workers "$workers")
graft=build/graft
failed=0

say() { printf '\n== %s\n' "$*"; }
# The numbers of a key in lines of JSON, one per line.
numbers() { grep -o "\"$1\":[-0-9.e+]*" | cut -d: -f2; }

# 4096 training and 128 validation pictures: repeated links to those of the data.
many_pictures() {
  local phase count class classes pictures picture i
  [[ ! -d $folder/many ]] || return 0
  rm -rf "$folder/many.tmp"
  for phase in train val; do
    [[ $phase == train ]] && count=4096 || count=128
    classes=("$data/$phase"/*/)
    for class in "${classes[@]}"; do
      mkdir -p "$folder/many.tmp/$phase/$(basename "$class")"
      mapfile -t pictures < <(find "$class" -type f | sort)
      for ((i = 0; i < count / ${#classes[@]}; ++i)); do
        picture=${pictures[i % ${#pictures[@]}]}
        ln -s "$picture" "$folder/many.tmp/$phase/$(basename "$class")/$i.${picture##*.}"
      done
    done
  done
  mv "$folder/many.tmp" "$folder/many"
}

# Two epochs on the device and on the CPU: the losses and their largest difference.
compare_losses() {
  local where
  for where in "$device" cpu; do
    rm -rf "$folder/losses-$where"
    "$graft" train "$data" --preset finetune "${network[@]}" --precision fp32 --epochs 2 --device "$where" --quiet \
      --out "$folder/losses-$where" >/dev/null
  done
  paste <(numbers train_loss < "$folder/losses-$device/metrics.jsonl") <(numbers train_loss < "$folder/losses-cpu/metrics.jsonl") \
        <(numbers val_loss < "$folder/losses-$device/metrics.jsonl") <(numbers val_loss < "$folder/losses-cpu/metrics.jsonl") |
    awk '{ printf "train %s (CPU %s), val %s (CPU %s)\n", $1, $2, $3, $4
           for (i = 1; i < 4; i += 2) { d = ($i - $(i + 1)) / $(i + 1); if (d < 0) d = -d; if (d > worst) worst = d } }
         END { printf "largest difference %.2f %%\n", 100 * worst; exit worst > 0.02 }'
}

finetune() {
  rm -rf "$folder/finetune"
  "$graft" train "$data" --preset finetune "${network[@]}" --epochs 25 --device "$device" --quiet --out "$folder/finetune" >/dev/null
  printf '25 epochs at batch size 4: %s s in total, %s s of them in epochs\n' \
    "$(tr ',' '\n' < "$folder/finetune/summary.json" | tr -d ' ' | numbers seconds)" \
    "$(numbers seconds < "$folder/finetune/metrics.jsonl" | awk '{ sum += $1 } END { printf "%.2f", sum }')"
}

# Training and validation pictures per second, the median over the epochs after the first.
throughput() {
  "$graft" bench "$folder/many" --rows train "${network[@]}" --batch-size 256 --precision "$1" --epochs 5 --device "$device" --json |
    tr '{}' '\n\n' | sed -n 's/.*"seconds":\([0-9.e-]*\),"images":\([0-9]*\).*/\1 \2/p' | tail -n +2 |
    awk '{ print $2 / $1 }' | sort -n |
    awk -v name="$1" '{ rate[NR] = $1 } END { printf "ResNet-18 at batch size 256, %s: %.0f pictures/s\n", name, rate[int((NR + 1) / 2)] }'
}

mkdir -p "$folder"
say "machine"
nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null || echo "no nvidia-smi"
"$graft" info
say "tests that need a GPU"
ctest --test-dir build -R 'StepGraph|DeviceMemory|Trainer|Device|Cuda' --output-on-failure --timeout 300 > "$folder/ctest.log" || failed=1
tail -n 5 "$folder/ctest.log"
say "losses on $device and on the CPU"
compare_losses || failed=1
say "speed on $device"
finetune
many_pictures
throughput bf16
throughput fp32
exit $failed
