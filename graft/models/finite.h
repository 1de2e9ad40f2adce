// Whether a network's tensors and outputs are finite, and which is the first that is not.
#pragma once

#include <string>

#include "graft/device/torch.h"
#include "graft/models/network.h"

namespace graft {

// Whether every value is finite. Of whole numbers: true.
bool all_finite(const torch::Tensor& values);

// Whether batch norm with this `eps` takes the root of a number that is not above 0.
bool has_negative_variance(const torch::Tensor& running_var, double eps);

// Throws Error that names the first parameter or buffer with a value that is not finite, or whose running
// variance is negative, so that batch norm takes the root of a negative number.
void check_tensors(const Network& network);

// The layer that is the first to give a value that is not finite for these images (N×3×H×W, on the network's
// device), computed layer by layer without folding: "layer1.0.bn1", "fc"; of layers that are not graft's
// (models/layers.h) only what they give together; empty where none does. In train
// mode the network's running statistics move.
std::string first_layer_not_finite(Network& network, const torch::Tensor& images);

}  // namespace graft
