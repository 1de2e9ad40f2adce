// How a training is computed: precision and memory layout.
#pragma once

#include "graft/device/precision_probe.h"
#include "graft/device/torch.h"
#include "graft/models/model_file.h"
#include "graft/train/recipe.h"

namespace graft {

// What recipe.precision comes to for this model, whose network is on `device`. A frozen network stays in
// float32: its features are those of the untouched network. Both a training's operators and the folded ones
// of a validation are tried. Throws Error where bf16 is asked for and cannot be computed here.
PrecisionChoice resolve_precision(const Recipe& recipe, const Model& model, const torch::Device& device);

// Whether the backbone is one function from the first step to the last: frozen, its batch norm too.
bool backbone_is_held(const Recipe& recipe);

// Convolutions' weights in the memory layout: values stay, gradients follow.
void lay_out(Network& network, BatchLayout layout);

}  // namespace graft
