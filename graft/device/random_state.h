// The state of torch's random number generators (dropout, stochastic depth).
#pragma once

#include <vector>

#include "graft/device/torch.h"

namespace graft {

// The generators' states: the CPU's, and the device's if it is another device with a generator.
std::vector<torch::Tensor> random_state(const torch::Device& device);

// Restores the states. The state of a missing generator is ignored.
void set_random_state(const torch::Device& device, const std::vector<torch::Tensor>& states);

}  // namespace graft
