// torch's own random numbers (dropout, stochastic depth): where their sequence stands.
#pragma once

#include <vector>

#include "graft/device/torch.h"

namespace graft {

// The generators' states: the CPU's, and the device's where that is another and has one.
std::vector<torch::Tensor> random_state(const torch::Device& device);

// Puts them back. States for a generator that is not there are left out.
void set_random_state(const torch::Device& device, const std::vector<torch::Tensor>& states);

}  // namespace graft
