// Ridge regression on features: the best linear head for numbers, in closed form.
#pragma once

#include <torch/torch.h>

#include "graft/task/logistic_regression.h"

namespace graft {

// The minimum of  mean ½‖prediction − target‖² + l2/2 · ‖weight‖²  (the bias is free), computed in float64.
// features: N×F; targets: N×K. l2 > 0. The fit is of float32.
LinearFit fit_ridge(const torch::Tensor& features, const torch::Tensor& targets, double l2);

}  // namespace graft
