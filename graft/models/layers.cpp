#include "graft/models/layers.h"

#include <algorithm>

#include "graft/device/device.h"

namespace graft {
namespace {

std::int64_t same_padding(std::int64_t size, const ConvOptions& options) {
  const std::int64_t outputs = (size + options.stride - 1) / options.stride;
  return std::max<std::int64_t>((outputs - 1) * options.stride + options.kernel - size, 0);
}

// In place: batch norm, whose output this takes, needs only its input to go backward.
torch::Tensor activate_in_place(torch::Tensor x, Activation activation) {
  if (activation == Activation::relu) return x.relu_();
  if (activation == Activation::relu6) return torch::relu6_(x);
  return x;
}

}  // namespace

ConvImpl::ConvImpl(const ConvOptions& options) : options_(options) {
  weight = register_parameter(
      "weight", torch::empty({options.out, options.in / options.groups, options.kernel, options.kernel}));
}

ConvKind ConvImpl::kind() const {
  if (options_.groups == 1) return ConvKind::dense;
  return options_.groups == options_.in ? ConvKind::depthwise : ConvKind::grouped;
}

torch::Tensor ConvImpl::forward(const torch::Tensor& x, Activation activation,
                                const torch::Tensor& shortcut) {
  const auto [input, padding] = pad(x);
  if (folded_ && on_trial_) return folded_->prepare(input, padding, activation, shortcut);
  if (folded_) return (*folded_)(input, padding, activation, shortcut);
  torch::Tensor y = torch::conv2d(input, weight, {}, options_.stride, padding, 1, options_.groups);
  if (watch_) watch_(*this, y);
  if (norm_) y = norm_(y);
  if (shortcut.defined()) y += shortcut;
  if (watch_ && norm_) watch_(*norm_, y);
  return activate_in_place(y, activation);
}

void ConvImpl::fold(torch::ScalarType dtype) {
  if (!norm_) return;
  const torch::NoGradGuard no_gradients;
  // The few values of a channel in float64, where the device has it; the weights are rounded once more, by
  // their product.
  const auto wide = [](const torch::Tensor& t) { return t.detach().to(widest_float(t.device())); };
  const auto scale = wide(norm_->weight) / (wide(norm_->running_var) + norm_->options.eps()).sqrt();
  const auto bias = wide(norm_->bias) - wide(norm_->running_mean) * scale;
  const auto scaled = weight.detach() * scale.to(weight.scalar_type()).view({-1, 1, 1, 1});
  folded_.emplace(scaled.to(dtype, /*non_blocking=*/false, /*copy=*/false, torch::MemoryFormat::ChannelsLast),
                  bias.to(dtype), options_.stride, options_.groups);
  on_trial_ = true;
}

ConvImpl::Padded ConvImpl::pad(const torch::Tensor& x) const {
  const std::int64_t padding = (options_.kernel - 1) / 2;
  return {x, {padding, padding}};
}

SameConvImpl::Padded SameConvImpl::pad(const torch::Tensor& x) const {
  const std::int64_t rows = same_padding(x.size(2), options());
  const std::int64_t columns = same_padding(x.size(3), options());
  // The convolution itself pads evenly, without a copy.
  if (rows % 2 == 0 && columns % 2 == 0) return {x, {rows / 2, columns / 2}};
  return {torch::constant_pad_nd(x, {columns / 2, columns - columns / 2, rows / 2, rows - rows / 2}), {0, 0}};
}

}  // namespace graft
