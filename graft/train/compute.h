// Precision and memory layout of a training run.
#pragma once

#include "graft/device/precision_probe.h"
#include "graft/device/torch.h"
#include "graft/models/model_file.h"
#include "graft/train/recipe.h"

namespace graft {

// Resolves recipe.precision for this model, whose network is on `device`. A frozen network stays in float32,
// so that its features are those of the original network. Both the operators of training and the folded ones
// of validation are tested. Throws Error if bf16 is requested and not available.
PrecisionChoice resolve_precision(const Recipe& recipe, const Model& model, const torch::Device& device);

// Whether the backbone does not change during training: frozen, including its batch norm.
bool backbone_is_held(const Recipe& recipe);

// Converts convolution weights to the memory layout; gradients get the same layout.
void lay_out(Network& network, BatchLayout layout);

}  // namespace graft
