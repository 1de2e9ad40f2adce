// Work that is run only for its side effects on the machine.
#pragma once

#include <functional>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

// Calls work() `times` times, then restores the values of every tensor of `state`, also if work() throws, so
// that a network's weights and batch norm statistics do not change.
void warm_up(const std::vector<torch::Tensor>& state, const std::function<void()>& work, int times);

}  // namespace graft
