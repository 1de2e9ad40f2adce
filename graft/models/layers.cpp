#include "graft/models/layers.h"

#include <ATen/autocast_mode.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "graft/core/text.h"
#include "graft/device/device.h"
#include "graft/device/precision_probe.h"
#include "graft/models/folded_conv.h"
#include "graft/models/one_dnn.h"

namespace graft {
namespace {

std::int64_t kernel_width(const ConvOptions& options) {
  return options.kernel_width.value_or(options.kernel);
}

// Rows or columns of zeros in all.
std::int64_t same_padding(std::int64_t size, std::int64_t kernel, std::int64_t stride) {
  const std::int64_t outputs = (size + stride - 1) / stride;
  return std::max<std::int64_t>((outputs - 1) * stride + kernel - size, 0);
}

// A folded layer has no gradients.
bool needs_gradient(const torch::Tensor& x) { return torch::GradMode::is_enabled() && x.requires_grad(); }

}  // namespace

ChannelNormImpl::ChannelNormImpl(std::int64_t channels, double eps, NormKind kind) : eps_(eps) {
  weight = register_parameter("weight", torch::ones({channels}));
  if (kind == NormKind::layer) bias = register_parameter("bias", torch::zeros({channels}));
}

torch::Tensor ChannelNormImpl::forward(const torch::Tensor& x) {
  if (!bias.defined()) {
    const torch::Tensor variance = x.var({1}, /*unbiased=*/true, /*keepdim=*/true);
    return x * torch::rsqrt(variance + eps_) * weight.view({-1, 1, 1});
  }
  return torch::layer_norm(x.permute({0, 2, 3, 1}), weight.sizes(), weight, bias, eps_).permute({0, 3, 1, 2});
}

ConvImpl::ConvImpl(const ConvOptions& options) : options_(options) {
  weight = register_parameter("weight", torch::empty({options.out, options.in / options.groups,
                                                      options.kernel, kernel_width(options)}));
  if (options.bias) bias = register_parameter("bias", torch::empty({options.out}));
}

OpKind ConvImpl::kind() const {
  if (options_.groups == 1) return OpKind::dense_conv;
  return options_.groups == options_.in ? OpKind::depthwise_conv : OpKind::grouped_conv;
}

torch::Tensor ConvImpl::forward(const torch::Tensor& x, Activation activation,
                                const torch::Tensor& shortcut) {
  const bool folded = folded_ && !needs_gradient(x);
  if (folded && !channel_norm_) return run_folded(x, activation, shortcut);
  torch::Tensor y = folded ? run_folded(x, Activation::none, {})
                           : convolve(x, weight, bias, options_.stride, padding_of(x), options_.groups);
  show(*this, y);
  if (batch_norm_) y = batch_norm_(y);
  if (channel_norm_) y = channel_norm_(y);
  // In place: the backward pass of neither norm needs its output.
  if (shortcut.defined()) y += shortcut;
  if (batch_norm_) show(*batch_norm_, y);
  if (channel_norm_) show(*channel_norm_, y);
  return activate(std::move(y), activation);
}

torch::Tensor ConvImpl::run_folded(const torch::Tensor& x, Activation activation,
                                   const torch::Tensor& shortcut) const {
  return on_trial_ ? folded_->prepare(x, padding_of(x), activation, shortcut)
                   : (*folded_)(x, padding_of(x), activation, shortcut);
}

void ConvImpl::fold(torch::ScalarType dtype, std::int64_t images) {
  const torch::NoGradGuard no_gradients;
  torch::Tensor scaled = weight.detach();
  torch::Tensor shift = bias.defined() ? bias.detach() : torch::zeros({options_.out}, scaled.options());
  if (batch_norm_) {
    // The per-channel values are computed in float64 if the device supports it; the scaled weights are
    // rounded in the product.
    const auto wide = [](const torch::Tensor& t) { return t.detach().to(widest_float(t.device())); };
    const torch::nn::BatchNorm2d& norm = batch_norm_;
    const auto scale = wide(norm->weight) / (wide(norm->running_var) + norm->options.eps()).sqrt();
    shift = wide(norm->bias) - (wide(norm->running_mean) - wide(shift)) * scale;
    scaled = scaled * scale.to(weight.scalar_type()).view({-1, 1, 1, 1});
  }
  folded_ = std::make_shared<FoldedConv>(
      scaled.to(dtype, /*non_blocking=*/false, /*copy=*/false, torch::MemoryFormat::ChannelsLast),
      shift.to(dtype), options_.stride, options_.groups);
  folded_->expect_batches(images);
  on_trial_ = true;
}

Padding ConvImpl::padding_of(const torch::Tensor&) const {
  const std::int64_t rows = options_.padding.value_or((options_.kernel - 1) / 2);
  const std::int64_t columns = options_.padding.value_or((kernel_width(options_) - 1) / 2);
  return {rows, columns, rows, columns};
}

std::pair<torch::nn::Module*, std::string> owner_of(torch::nn::Module& root, const std::string& name,
                                                    bool make) {
  const std::vector<std::string> parts = split(name, '.');
  torch::nn::Module* owner = &root;
  for (std::size_t i = 0; i + 1 < parts.size() && owner != nullptr; ++i) {
    const auto children = owner->named_children();
    const std::shared_ptr<torch::nn::Module>* child = children.find(parts[i]);
    if (child != nullptr) {
      owner = child->get();
    } else {
      owner = make ? owner->register_module(parts[i], std::make_shared<torch::nn::Module>(parts[i])).get()
                   : nullptr;
    }
  }
  return {owner, parts.back()};
}

Conv add_conv(torch::nn::Module& root, const std::string& name, Conv conv, const std::string& norm_name,
              const NormOptions& norm) {
  add_layer(root, name, conv);
  const std::int64_t channels = conv->weight.size(0);
  if (norm.kind == NormKind::batch) {
    const auto options = torch::nn::BatchNorm2dOptions(channels).eps(norm.eps).momentum(norm.momentum);
    conv->followed_by(add_layer(root, norm_name, torch::nn::BatchNorm2d(options)));
  }
  if (norm.kind == NormKind::layer || norm.kind == NormKind::deviation)
    conv->followed_by(add_layer(root, norm_name, ChannelNorm(channels, norm.eps, norm.kind)));
  return conv;
}

Conv add_conv(torch::nn::Module& root, const std::string& name, const ConvOptions& options,
              const NormOptions& norm) {
  return add_conv(root, name + ".0", Conv(options), name + ".1", norm);
}

Padding SameConvImpl::padding_of(const torch::Tensor& x) const {
  const std::int64_t rows = same_padding(x.size(2), options().kernel, options().stride);
  const std::int64_t columns = same_padding(x.size(3), kernel_width(options()), options().stride);
  return {rows / 2, columns / 2, rows - rows / 2, columns - columns / 2};
}

Conv make_conv(const ConvOptions& options, bool same_padding) {
  if (!same_padding) return Conv(options);
  return Conv(std::shared_ptr<ConvImpl>(std::make_shared<SameConvImpl>(options)));
}

DenseImpl::DenseImpl(std::int64_t in, std::int64_t out, bool with_bias) {
  weight = register_parameter("weight", torch::empty({out, in}));
  if (with_bias) bias = register_parameter("bias", torch::empty({out}));
}

// Whether oneDNN computes it: in float32, which autocast would change.
bool DenseImpl::is_for_one_dnn(torch::ScalarType dtype) const {
  return dtype == torch::kFloat32 && weight.scalar_type() == dtype && may_use_one_dnn(weight) &&
         linear_operators().complete();
}

void DenseImpl::fold(torch::ScalarType dtype, std::int64_t images) {
  packed_.reset();
  expected_images_ = images;
  on_trial_ = is_for_one_dnn(dtype);
}

torch::Tensor DenseImpl::forward(const torch::Tensor& x, Activation activation) {
  if ((on_trial_ || packed_.defined()) && !needs_gradient(x)) return activate(run_folded(x), activation);
  const bool computed_as_given =
      !at::autocast::is_autocast_enabled(at::kCPU) && is_for_one_dnn(x.scalar_type());
  torch::Tensor y = computed_as_given ? trainable_linear(x, weight, bias) : torch::linear(x, weight, bias);
  show(*this, y);
  return activate(std::move(y), activation);
}

torch::Tensor DenseImpl::run_folded(const torch::Tensor& x) {
  if (on_trial_)
    packed_ = linear_operators().pack({weight.detach(), expected_images_ * (x.numel() / x.size(-1))});
  return inner_product(x, packed_, bias);
}

torch::nn::LayerNorm layer_norm(std::int64_t dim, double eps) {
  return torch::nn::LayerNorm(torch::nn::LayerNormOptions({dim}).eps(eps));
}

SqueezeExciteImpl::SqueezeExciteImpl(const SqueezeExciteOptions& options)
    : activation_(options.activation), gate_(options.gate) {
  const auto conv = [](std::int64_t in, std::int64_t out) {
    return Conv(ConvOptions{.in = in, .out = out, .bias = true});
  };
  reduce_ = register_module(options.reduce, conv(options.channels, options.squeezed));
  expand_ = register_module(options.expand, conv(options.squeezed, options.channels));
}

torch::Tensor SqueezeExciteImpl::forward(const torch::Tensor& x) {
  const torch::Tensor means = x.mean({2, 3}, /*keepdim=*/true);
  return x * expand_(reduce_(means, activation_), gate_);
}

torch::Tensor DropPathImpl::forward(const torch::Tensor& x) { return drops() ? x * factors(x) : x; }

torch::Tensor DropPathImpl::add(const torch::Tensor& shortcut, const torch::Tensor& branch,
                                const torch::Tensor& scale) {
  if (!drops()) return scale.defined() ? torch::addcmul(shortcut, branch, scale) : shortcut + branch;
  const torch::Tensor factor = factors(branch);
  return torch::addcmul(shortcut, branch, scale.defined() ? scale * factor : factor);
}

torch::Tensor DropPathImpl::factors(const torch::Tensor& x) const {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
  shape[0] = x.size(0);
  return torch::rand(shape, x.options().requires_grad(false)).add_(1 - rate_).floor_().div_(1 - rate_);
}

void init_by_fan_out(const torch::nn::Module& root) {
  for (const auto& module : root.modules()) {
    const auto* conv = module->as<ConvImpl>();
    if (conv == nullptr) continue;
    torch::nn::init::kaiming_normal_(conv->weight, 0, torch::kFanOut, torch::kReLU);
    if (conv->bias.defined()) torch::nn::init::zeros_(conv->bias);
  }
}

void init_by_group_fan_out(const torch::nn::Module& root) {
  for (const auto& module : root.modules()) {
    const auto* conv = module->as<ConvImpl>();
    if (conv == nullptr) continue;
    const auto fan_out = static_cast<double>(conv->weight[0][0].numel() * conv->weight.size(0)) /
                         static_cast<double>(conv->groups());
    torch::nn::init::normal_(conv->weight, 0, std::sqrt(2 / fan_out));
    if (conv->bias.defined()) torch::nn::init::zeros_(conv->bias);
  }
}

void init_by_fan_in(const torch::nn::Module& root) {
  const auto init = [](const torch::Tensor& weight, const torch::Tensor& bias) {
    const double bound = 1 / std::sqrt(static_cast<double>(weight[0].numel()));
    torch::nn::init::uniform_(weight, -bound, bound);
    if (bias.defined()) torch::nn::init::uniform_(bias, -bound, bound);
  };
  for (const auto& module : root.modules()) {
    if (const auto* conv = module->as<ConvImpl>()) init(conv->weight, conv->bias);
    if (const auto* dense = module->as<DenseImpl>()) init(dense->weight, dense->bias);
  }
}

void init_normal(const torch::nn::Module& root, double deviation) {
  const auto init = [&](const torch::Tensor& weight, const torch::Tensor& bias) {
    torch::nn::init::normal_(weight, 0, deviation);
    if (bias.defined()) torch::nn::init::zeros_(bias);
  };
  for (const auto& module : root.modules()) {
    if (const auto* conv = module->as<ConvImpl>()) init(conv->weight, conv->bias);
    if (const auto* dense = module->as<DenseImpl>()) init(dense->weight, dense->bias);
    if (const auto* linear = module->as<torch::nn::LinearImpl>()) init(linear->weight, linear->bias);
  }
}

}  // namespace graft
