// Checks that a network's tensors and outputs are finite, and finds the first that is not.
#pragma once

#include <string>

#include "graft/device/torch.h"
#include "graft/models/network.h"

namespace graft {

// Whether every value is finite. True for integers.
bool all_finite(const torch::Tensor& values);

// Whether batch norm with this `eps` takes the square root of a number that is not above 0.
bool has_negative_variance(const torch::Tensor& running_var, double eps);

// Throws Error that names the first parameter or buffer with a value that is not finite, or with a negative
// running variance, of which batch norm takes the square root.
void check_tensors(const Network& network);

// The first layer with an output that is not finite for these images (N×3×H×W, on the network's device),
// computed layer by layer without folding: "layer1.0.bn1", "fc"; empty if there is none. Layers that are not
// graft's (models/layers.h) are only checked together. In train mode the network's running statistics change.
std::string first_layer_not_finite(Network& network, const torch::Tensor& images);

}  // namespace graft
