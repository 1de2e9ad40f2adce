#!/usr/bin/env bash
# A complete training run on real pictures. Needs build/graft (make build). Writes to .demo/.
#   GRAFT_DATA=folder   your pictures instead of the tutorial's: train/ and val/, or a folder for each class
set -euo pipefail
cd "$(dirname "$0")/.."
graft=build/graft
demo=.demo
stamps=/usr/share/tuxpaint/stamps

say() { printf '\n== %s\n' "$*"; }

# Copies the realistic pictures of the package tuxpaint-stamps-default: photographs and drawings in seven
# classes, without cartoons and mirrored copies. Every fifth picture of a class is for validation.
copy_stamps() {
  local class name number picture part
  for class in animals/birds animals/fish animals/mammals plants/flowers food/fruit food/vegetables town/roadsigns; do
    name=$(basename $class)
    mkdir -p "$1/train/$name" "$1/val/$name"
    number=0
    while read -r picture; do
      part=train
      ((++number % 5)) || part=val
      cp "$picture" "$1/$part/$name/"
    done < <(find "$stamps/$class" -name '*.png' -not -path '*/cartoon/*' -not -name '*_mirror*' | sort)
  done
}

choose_data() {
  options=()
  if [[ -n ${GRAFT_DATA:-} ]]; then
    data=$GRAFT_DATA
  elif "$graft" fetch hymenoptera --to $demo; then
    data=$demo/hymenoptera_data
  else
    [[ -d $stamps ]] || { echo "demo: no pictures: give a folder with GRAFT_DATA=folder" >&2; exit 1; }
    data=$demo/stamps
    # They have transparent backgrounds and different shapes: use white, whole pictures, and crops of at least
    # a third.
    options=(--alpha white --fit squash --min-scale 0.35)
    say "the tutorial's pictures cannot be downloaded; continuing with the stamps of Tux Paint in $data"
    rm -rf $data
    copy_stamps $data
  fi
}

choose_model() {
  model=resnet18
  "$graft" fetch resnet18 && return
  model=efficientnet_lite0
  say "ResNet-18's weights cannot be downloaded; continuing with EfficientNet-Lite0"
}

mkdir -p $demo
say "pictures and weights"
choose_data
choose_model

say "scenario 1: fine-tune every layer"
rm -rf $demo/finetune $demo/feature-extract
"$graft" train "$data" --model $model "${options[@]}" --preset finetune --epochs 8 --out $demo/finetune

say "scenario 2: the network as a fixed feature extractor, a new head on top"
"$graft" train "$data" --model $model "${options[@]}" --preset feature-extract --epochs 8 --out $demo/feature-extract

say "evaluate and predict"
"$graft" eval $demo/feature-extract "$data"
own=$data
[[ ! -d $data/val ]] || own=$data/val
mapfile -t pictures < <(find -L "$own" -type f \( -iname '*.jpg' -o -iname '*.png' \) | sort | shuf -n 6 --random-source=<(yes))
"$graft" predict $demo/feature-extract "${pictures[@]}" --top-k 2 --grid $demo/own-pictures.png

say "pictures to view"
ls $PWD/$demo/*/*.png $PWD/$demo/*.png
