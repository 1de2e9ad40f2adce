#include "graft/task/linear_fit.h"

namespace graft {

using torch::Tensor;

LinearFit fit_ridge(const Tensor& features, const Tensor& targets, double l2, bool with_bias,
                    const LinearFit* prior) {
  const torch::NoGradGuard no_gradients;
  if (prior != nullptr) {
    const LinearFit change = fit_ridge(
        features, targets - torch::linear(features, prior->weight, prior->bias), l2, with_bias, nullptr);
    return {prior->weight + change.weight, prior->bias + change.bias};
  }
  Tensor x_mean = features.to(torch::kFloat64).mean(0), y_mean = targets.to(torch::kFloat64).mean(0);
  if (!with_bias) {
    x_mean.zero_();
    y_mean.zero_();
  }
  const Tensor x = features.to(torch::kFloat64) - x_mean, y = targets.to(torch::kFloat64) - y_mean;
  const std::int64_t samples = x.size(0), dim = x.size(1);
  const double penalty = l2 * static_cast<double>(samples);
  // Solves the smaller of two equivalent systems: (XᵀX + nλI)⁻¹Xᵀ y = Xᵀ(XXᵀ + nλI)⁻¹ y.
  const bool by_samples = samples < dim;
  Tensor gram = by_samples ? x.mm(x.t()) : x.t().mm(x);
  gram.diagonal().add_(penalty);
  const Tensor factor = at::linalg_cholesky(gram);
  const Tensor weight =
      by_samples ? x.t().mm(at::cholesky_solve(y, factor)) : at::cholesky_solve(x.t().mm(y), factor);  // F×K
  const Tensor bias = y_mean - x_mean.unsqueeze(0).mm(weight).squeeze(0);
  return {weight.t().contiguous().to(torch::kFloat32), bias.to(torch::kFloat32)};
}

}  // namespace graft
