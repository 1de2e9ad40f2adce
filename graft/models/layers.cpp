#include "graft/models/layers.h"

#include <algorithm>

namespace graft {
namespace {

std::int64_t same_padding(std::int64_t size, const ConvOptions& options) {
  const std::int64_t outputs = (size + options.stride - 1) / options.stride;
  return std::max<std::int64_t>((outputs - 1) * options.stride + options.kernel - size, 0);
}

}  // namespace

ConvImpl::ConvImpl(const ConvOptions& options) : options_(options) {
  weight = register_parameter(
      "weight", torch::empty({options.out, options.in / options.groups, options.kernel, options.kernel}));
}

torch::Tensor ConvImpl::forward(const torch::Tensor& x) {
  const std::int64_t padding = (options_.kernel - 1) / 2;
  return torch::conv2d(x, weight, {}, options_.stride, padding, 1, options_.groups);
}

torch::Tensor SameConvImpl::forward(const torch::Tensor& x) {
  const std::int64_t rows = same_padding(x.size(2), options_), columns = same_padding(x.size(3), options_);
  const auto convolve = [&](const torch::Tensor& input, torch::IntArrayRef padding) {
    return torch::conv2d(input, weight, {}, options_.stride, padding, 1, options_.groups);
  };
  // The convolution itself pads evenly, without a copy.
  if (rows % 2 == 0 && columns % 2 == 0) return convolve(x, {rows / 2, columns / 2});
  return convolve(torch::constant_pad_nd(x, {columns / 2, columns - columns / 2, rows / 2, rows - rows / 2}),
                  {0, 0});
}

}  // namespace graft
