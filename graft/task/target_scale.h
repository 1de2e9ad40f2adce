// The target scale of a regression model (TaskSpec) and its head.
#pragma once

#include "graft/device/torch.h"
#include "graft/metrics/outcomes.h"

namespace graft {

// Converts a head's weight and bias from the scale `from` to `to`, without changing its predictions. Both are
// on the CPU; computed in float64. `bias` may be undefined; then UsageError if the means differ.
void rescale_head(torch::Tensor weight, torch::Tensor bias, const TaskSpec& from, const TaskSpec& to);

}  // namespace graft
