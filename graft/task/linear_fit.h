// The best linear head on features, found to convergence rather than walked towards: multinomial logistic
// regression for classes, ridge regression for numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

// The minimum of  mean cross entropy + l2/2 · ‖weight‖²  (the bias is free), by L-BFGS. It is unique where
// l2 > 0, whatever the start.
struct LinearFit {
  torch::Tensor weight;  // classes×F
  torch::Tensor bias;    // classes
};

// features: N×F, float32, on the CPU; labels: N, int64, below `classes`, or N×classes of 0 and 1: then every
// class is distinguished from its absence (binary cross entropy, the mean over the classes). l2 > 0. `start`:
// where to begin, such as the fit of a neighbouring l2.
LinearFit fit_logistic(const torch::Tensor& features, const torch::Tensor& labels, std::int64_t classes,
                       double l2, const LinearFit* start = nullptr);

// Mean cross entropy of a fit.
double logistic_loss(const LinearFit& fit, const torch::Tensor& features, const torch::Tensor& labels);

// Which of `folds` parts each sample is held out in, 0 … folds − 1: every class spread evenly over the parts
// (scikit-learn's StratifiedKFold, shuffled by `seed`).
std::vector<int> stratified_folds(const std::vector<std::int64_t>& labels, int folds, std::uint64_t seed);

// The minimum of  mean ½‖prediction − target‖² + l2/2 · ‖weight‖²  (the bias is free), computed in float64.
// features: N×F; targets: N×K. l2 > 0. The fit is of float32.
LinearFit fit_ridge(const torch::Tensor& features, const torch::Tensor& targets, double l2);

}  // namespace graft
