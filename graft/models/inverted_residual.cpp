#include "graft/models/inverted_residual.h"

#include <algorithm>

namespace graft {

InvertedResidualNames numbered_names(const std::string& owner, const InvertedResidualOptions& options) {
  int number = 0;
  const auto next = [&] { return owner + "." + std::to_string(number++); };
  const auto next_pair = [&] {
    const std::string name = next();
    return ConvNames{name + ".0", name + ".1"};
  };
  InvertedResidualNames names;
  if (options.expands()) names.expand = next_pair();
  names.depthwise = next_pair();
  if (options.squeeze.squeezed > 0) names.squeeze = next();
  names.project = next_pair();
  return names;
}

InvertedResidualImpl::InvertedResidualImpl(const InvertedResidualOptions& o,
                                           const InvertedResidualNames& names)
    : activation_(o.activation), has_shortcut_(o.stride == 1 && o.in == o.out) {
  const auto add = [&](const ConvNames& name, const ConvOptions& options) {
    return add_conv(*this, name.conv, make_conv(options, o.same_padding), name.norm, o.norm);
  };
  if (o.expands()) expand_ = add(names.expand, {.in = o.in, .out = o.middle});
  depthwise_ =
      add(names.depthwise,
          {.in = o.middle, .out = o.middle, .kernel = o.kernel, .stride = o.stride, .groups = o.middle});
  if (o.squeeze.squeezed > 0) {
    SqueezeExciteOptions options = o.squeeze;
    options.channels = o.middle;
    squeeze_ = add_layer(*this, names.squeeze, SqueezeExcite(options));
  }
  project_ = add(names.project, {.in = o.middle, .out = o.out});
  drop_path_ = register_module("drop_path", DropPath(o.drop_rate));
}

torch::Tensor InvertedResidualImpl::forward(const torch::Tensor& x) {
  torch::Tensor y = expand_ ? expand_(x, activation_) : x;
  y = depthwise_(y, activation_);
  if (squeeze_) y = squeeze_(y);
  if (!has_shortcut_) return project_(y);
  return drop_path_->drops() ? drop_path_(project_(y)).add_(x) : project_(y, Activation::none, x);
}

std::int64_t multiple_of_8(double channels) {
  const auto nearest = std::max<std::int64_t>(8, static_cast<std::int64_t>(channels + 4) / 8 * 8);
  return static_cast<double>(nearest) < 0.9 * channels ? nearest + 8 : nearest;
}

}  // namespace graft
