// The scale of a model of numbers (TaskSpec), and its head.
#pragma once

#include "graft/device/torch.h"
#include "graft/metrics/label_kind.h"

namespace graft {

// Changes a head's weight and bias, which fit the scale `from`, to fit `to`: its numbers stay the same. Both
// are on the CPU; computed in float64.
void rescale_head(torch::Tensor weight, torch::Tensor bias, const TaskSpec& from, const TaskSpec& to);

}  // namespace graft
