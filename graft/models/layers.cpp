#include "graft/models/layers.h"

#include <algorithm>

#include "graft/device/device.h"
#include "graft/device/precision_probe.h"
#include "graft/models/folded_conv.h"

namespace graft {
namespace {

std::int64_t same_padding(std::int64_t size, const ConvOptions& options) {
  const std::int64_t outputs = (size + options.stride - 1) / options.stride;
  return std::max<std::int64_t>((outputs - 1) * options.stride + options.kernel - size, 0);
}

}  // namespace

ChannelNormImpl::ChannelNormImpl(std::int64_t channels, double eps) : eps_(eps) {
  weight = register_parameter("weight", torch::ones({channels}));
  bias = register_parameter("bias", torch::zeros({channels}));
}

torch::Tensor ChannelNormImpl::forward(const torch::Tensor& x) {
  return torch::layer_norm(x.permute({0, 2, 3, 1}), weight.sizes(), weight, bias, eps_).permute({0, 3, 1, 2});
}

ConvImpl::ConvImpl(const ConvOptions& options) : options_(options) {
  weight = register_parameter(
      "weight", torch::empty({options.out, options.in / options.groups, options.kernel, options.kernel}));
  if (options.bias) bias = register_parameter("bias", torch::empty({options.out}));
}

OpKind ConvImpl::kind() const {
  if (options_.groups == 1) return OpKind::dense_conv;
  return options_.groups == options_.in ? OpKind::depthwise_conv : OpKind::grouped_conv;
}

torch::Tensor ConvImpl::forward(const torch::Tensor& x, Activation activation,
                                const torch::Tensor& shortcut) {
  const auto [input, padding] = pad(x);
  const bool needs_gradient = torch::GradMode::is_enabled() && x.requires_grad();
  if (folded_ && !needs_gradient) {
    return on_trial_ ? folded_->prepare(input, padding, activation, shortcut)
                     : (*folded_)(input, padding, activation, shortcut);
  }
  torch::Tensor y = torch::conv2d(input, weight, bias, options_.stride, padding, 1, options_.groups);
  if (watch_) watch_(*this, y);
  if (batch_norm_) y = batch_norm_(y);
  if (channel_norm_) y = channel_norm_(y);
  // In place: the backward pass of neither norm needs its output.
  if (shortcut.defined()) y += shortcut;
  if (watch_ && batch_norm_) watch_(*batch_norm_, y);
  if (watch_ && channel_norm_) watch_(*channel_norm_, y);
  return activate(std::move(y), activation);
}

void ConvImpl::fold(torch::ScalarType dtype) {
  if (!batch_norm_) return;
  const torch::NoGradGuard no_gradients;
  // The per-channel values are computed in float64 if the device supports it; the scaled weights are rounded
  // in the product.
  const auto wide = [](const torch::Tensor& t) { return t.detach().to(widest_float(t.device())); };
  const torch::nn::BatchNorm2d& norm = batch_norm_;
  const auto scale = wide(norm->weight) / (wide(norm->running_var) + norm->options.eps()).sqrt();
  const auto mean = bias.defined() ? wide(norm->running_mean) - wide(bias) : wide(norm->running_mean);
  const auto shift = wide(norm->bias) - mean * scale;
  const auto scaled = weight.detach() * scale.to(weight.scalar_type()).view({-1, 1, 1, 1});
  folded_ = std::make_shared<FoldedConv>(
      scaled.to(dtype, /*non_blocking=*/false, /*copy=*/false, torch::MemoryFormat::ChannelsLast),
      shift.to(dtype), options_.stride, options_.groups);
  on_trial_ = true;
}

ConvImpl::Padded ConvImpl::pad(const torch::Tensor& x) const {
  const std::int64_t padding = options_.padding.value_or((options_.kernel - 1) / 2);
  return {x, {padding, padding}};
}

Conv add_conv(torch::nn::Module& owner, const std::string& name, Conv conv, const std::string& norm_name,
              const NormOptions& norm) {
  owner.register_module(name, conv);
  const std::int64_t channels = conv->weight.size(0);
  if (norm.kind == NormKind::batch) {
    const auto options = torch::nn::BatchNorm2dOptions(channels).eps(norm.eps).momentum(norm.momentum);
    conv->followed_by(owner.register_module(norm_name, torch::nn::BatchNorm2d(options)));
  }
  if (norm.kind == NormKind::layer)
    conv->followed_by(owner.register_module(norm_name, ChannelNorm(channels, norm.eps)));
  return conv;
}

SameConvImpl::Padded SameConvImpl::pad(const torch::Tensor& x) const {
  const std::int64_t rows = same_padding(x.size(2), options());
  const std::int64_t columns = same_padding(x.size(3), options());
  // The convolution itself pads symmetrically, without a copy.
  if (rows % 2 == 0 && columns % 2 == 0) return {x, {rows / 2, columns / 2}};
  return {torch::constant_pad_nd(x, {columns / 2, columns - columns / 2, rows / 2, rows - rows / 2}), {0, 0}};
}

}  // namespace graft
