// The optimal linear head on features, computed to convergence: multinomial logistic regression for classes,
// ridge regression for numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

// The minimum of  mean cross entropy + l2/2 · ‖weight − prior‖²  (the bias is not regularised), by L-BFGS.
// For l2 > 0 it is unique, whatever the start. The prior is 0, or the weight of a head that was trained
// before: L2-SP of Li, Grandvalet and Davoine, "Explicit Inductive Bias for Transfer Learning with
// Convolutional Networks" (arXiv:1802.01483).
struct LinearFit {
  torch::Tensor weight;  // classes×F
  torch::Tensor bias;    // classes
};

// features: N×F, float32, on the CPU; labels: N, int64, below `classes`, or N×classes of 0 and 1 for one
// binary cross entropy per class (the mean over the classes). l2 > 0. `start`: the initial values, such as
// the fit of a neighbouring l2. Without a bias, that of the fit is 0. `prior`: null for 0.
LinearFit fit_logistic(const torch::Tensor& features, const torch::Tensor& labels, std::int64_t classes,
                       double l2, const LinearFit* start = nullptr, bool with_bias = true,
                       const LinearFit* prior = nullptr);

// Mean cross entropy of a fit.
double logistic_loss(const LinearFit& fit, const torch::Tensor& features, const torch::Tensor& labels);

// The fold in which each sample is held out, 0 … folds − 1: every class is spread evenly over the folds
// (scikit-learn's StratifiedKFold, shuffled by `seed`).
std::vector<int> stratified_folds(const std::vector<std::int64_t>& labels, int folds, std::uint64_t seed);

// The minimum of  mean ½‖prediction − target‖² + l2/2 · ‖weight − prior‖²  (the bias is not regularised),
// computed in float64. features: N×F; targets: N×K. l2 > 0. The fit is float32. Without a bias, that of the
// fit is 0. `prior`: null for 0.
LinearFit fit_ridge(const torch::Tensor& features, const torch::Tensor& targets, double l2,
                    bool with_bias = true, const LinearFit* prior = nullptr);

}  // namespace graft
