#!/usr/bin/env python3
"""Writes graft/models/torchvision_weights.cpp: torchvision's pretrained weights, from torchvision's own metadata.

    python tools/zoo/torchvision_weights.py [--check]

--check writes nothing and fails if the file differs from what torchvision's metadata give.
"""
import pathlib
import re
import sys

try:
    import torchvision_cpu  # noqa: F401  (where a CPU build of torch needs it before torchvision)
except ImportError:
    pass
import torchvision

PATH = pathlib.Path(__file__).resolve().parents[2] / "graft/models/torchvision_weights.cpp"
URL = "https://download.pytorch.org/models/"
# With weights, torchvision sets transform_input: the network itself changes the normalisation of its input to mean 0.5
# and deviation 0.5. In graft the preprocess of the weights does this.
TRANSFORM_INPUT = {"googlenet", "inception_v3"}
NORMALISATIONS = {((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)): "imagenet",
                  ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)): "half",
                  ((0.48235, 0.45882, 0.40784), (1 / 255, 1 / 255, 1 / 255)): "bytes"}

HEAD = """\
// Written by tools/zoo/torchvision_weights.py from the metadata of torchvision {version}: do not edit.
// clang-format off
#include "graft/models/pretrained.h"

namespace graft {{

// model, weights, file, MiB, top-1, resize, crop, interpolation, normalisation, licence, classes
const std::vector<TorchvisionWeights>& torchvision_weights() {{
  using enum Interpolation;
  using enum Normalisation;
  static const std::vector<TorchvisionWeights> rows = {{
"""
TAIL = """\
  };
  return rows;
}

}  // namespace graft
"""


def row(model, weights):
    meta, transform = weights.meta, weights.transforms()
    assert weights.url.startswith(URL) and "/" not in weights.url[len(URL):], weights.url
    file = weights.url[len(URL):]
    assert re.search(r"-[0-9a-f]{8,}\.pth$", file), file
    classes = len(meta["categories"] or [])
    top1 = meta["_metrics"]["ImageNet-1K"]["acc@1"] if classes else 0
    (resize,), (crop,) = transform.resize_size, transform.crop_size
    assert transform.antialias
    mean, std = tuple(transform.mean), tuple(transform.std)
    if model in TRANSFORM_INPUT:
        mean = std = (0.5, 0.5, 0.5)
    # timm's convention for the weights of VGG without head: they were trained on values from 0 to 255.
    normalisation = NORMALISATIONS[tuple(round(x, 5) for x in mean), tuple(std)]
    licence = "CC-BY-NC-4.0" if "SWAG" in meta.get("license", "") else "BSD-3-Clause"
    return (f'      {{"{model}", "{weights.name}", "{file}", {meta["_file_size"]:g}, {top1:g}, {resize}, {crop}, '
            f'{transform.interpolation.value}, {normalisation}, "{licence}", {classes}}},\n').replace(
                f'{meta["_file_size"]:g}', f'{meta["_file_size"]:.3f}', 1).replace(f", {top1:g}, ", f", {top1:.3f}, ", 1)


def main():
    text = HEAD.format(version=torchvision.__version__.split("+")[0])
    for model in torchvision.models.list_models(module=torchvision.models):
        entries = torchvision.models.get_model_weights(model)
        default = entries.DEFAULT
        # The default weights come first.
        for weights in sorted(entries, key=lambda each: each is not default):
            text += row(model, weights)
    text += TAIL
    if "--check" in sys.argv:
        sys.exit(0 if PATH.read_text() == text else f"{PATH} is not what torchvision's metadata give")
    PATH.write_text(text)


if __name__ == "__main__":
    main()
