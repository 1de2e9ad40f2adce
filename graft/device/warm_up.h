// Work that is run for its side effects on the machine alone.
#pragma once

#include <functional>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

// Calls work() `times` times, then gives every tensor of `state` the values that it had before, also where
// work() throws: a network's batch norm has then seen no batch and its weights have not learned.
void warm_up(const std::vector<torch::Tensor>& state, const std::function<void()>& work, int times);

}  // namespace graft
