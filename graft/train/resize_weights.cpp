#include "graft/train/resize_weights.h"

namespace graft {
namespace {

using torch::Tensor;

// Outside the support of every filter.
constexpr double far_away = 1e6;

// Both map distances to weights and may overwrite their argument.
Tensor triangle(Tensor distance) { return distance.neg_().add_(1).clamp_min_(0); }

// Keys' cubic with a = -0.5, as in filter_taps.cpp.
Tensor cubic(const Tensor& x) {
  const Tensor near = ((1.5 * x - 2.5) * x).mul_(x).add_(1);
  const Tensor beyond = ((-0.5 * x + 2.5) * x - 4).mul_(x).add_(2);
  return torch::where(x < 1, near, torch::where(x < 2, beyond, torch::zeros_like(x)));
}

}  // namespace

Tensor resize_weights(const AxisBatch& axis, std::int64_t outputs, std::int64_t inputs,
                      Interpolation interpolation) {
  const auto options = axis.start.options();
  const Tensor scale = axis.extent / static_cast<double>(outputs);  // N: inputs per output
  Tensor output = torch::arange(outputs, options).unsqueeze(0);
  if (axis.mirrored.defined())
    output = output + axis.mirrored.unsqueeze(1) * (static_cast<double>(outputs - 1) - 2 * output);
  const Tensor center = axis.start.unsqueeze(1) + (output + 0.5) * scale.unsqueeze(1);  // N×outputs
  const Tensor input = torch::arange(inputs, options).unsqueeze(0);
  const Tensor position = (input + 0.5).masked_fill(input >= axis.used.unsqueeze(1), far_away);  // N×inputs
  // Downscaling widens the filter.
  Tensor distance = position.unsqueeze(1) - center.unsqueeze(2);
  distance.abs_().div_(scale.clamp_min(1).view({-1, 1, 1}));
  Tensor weights = interpolation == Interpolation::bicubic ? cubic(distance) : triangle(distance);
  return weights.div_(weights.sum(2, /*keepdim=*/true));
}

}  // namespace graft
