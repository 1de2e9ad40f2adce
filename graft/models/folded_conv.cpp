#include "graft/models/folded_conv.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "graft/models/one_dnn.h"

namespace graft {
namespace {

using torch::Tensor;
using Scalars = c10::List<std::optional<at::Scalar>>;

struct ConvOperators {
  OneDnnOperator pack{"mkldnn::_reorder_convolution_weight"};
  OneDnnOperator convolution{"mkldnn::_convolution_pointwise"};
  OneDnnOperator convolution_and_sum{"mkldnn::_convolution_pointwise", "binary"};

  bool complete() const { return pack && convolution && convolution_and_sum; }
};

const ConvOperators& operators() {
  static const ConvOperators all;
  return all;
}

std::vector<std::int64_t> both(std::int64_t value) { return {value, value}; }

const char* name_of(Activation activation) {
  switch (activation) {
    case Activation::relu:
      return "relu";
    case Activation::relu6:
      return "hardtanh";
    case Activation::hardswish:
      return "hardswish";
    case Activation::silu:
      return "swish";
    case Activation::gelu:
    case Activation::gelu_tanh:
      return "gelu";
    case Activation::sigmoid:
      return "sigmoid";
    default:
      return "none";
  }
}

// oneDNN's operators have neither hard sigmoid nor this GELU.
bool is_fusible(Activation activation) {
  return activation != Activation::hardsigmoid && activation != Activation::quick_gelu;
}

const char* algorithm_of(Activation activation) {
  return activation == Activation::gelu ? "none" : activation == Activation::gelu_tanh ? "tanh" : "";
}

Scalars bounds_of(Activation activation) {
  Scalars bounds;
  if (activation == Activation::relu6) {
    bounds.push_back(at::Scalar(0.0));
    bounds.push_back(at::Scalar(6.0));
  }
  return bounds;
}

// Far below the largest float32; folded_conv.h gives the reason.
constexpr double safe_weight = 1e9, safe_input = 1e18;

// False for NaN. In memory order, because the reduction copies tensors that are not contiguous.
bool is_below(const Tensor& values, double bound) {
  const bool dense = values.is_non_overlapping_and_dense();
  const auto [least, greatest] = torch::aminmax(dense ? values.as_strided({values.numel()}, {1}) : values);
  return -bound < least.item<double>() && greatest.item<double>() < bound;
}

constexpr auto channels_last = torch::MemoryFormat::ChannelsLast;

bool is_symmetric(const Padding& padding) {
  return padding.top == padding.bottom && padding.left == padding.right;
}

// x with the padding that a symmetric one lacks, and the symmetric one: rows, columns.
std::pair<Tensor, std::vector<std::int64_t>> symmetrically_padded(const Tensor& x, const Padding& padding) {
  if (is_symmetric(padding)) return {x, {padding.top, padding.left}};
  return {torch::constant_pad_nd(x, {padding.left, padding.right, padding.top, padding.bottom}), {0, 0}};
}

std::int64_t outputs(std::int64_t size, std::int64_t padding, std::int64_t kernel, std::int64_t stride) {
  TORCH_CHECK(size + padding >= kernel, "an image of ", size, " pixels is smaller than the kernel of ",
              kernel);
  return (size + padding - kernel) / stride + 1;
}

}  // namespace

Tensor convolve(const Tensor& x, const Tensor& weight, const Tensor& bias, std::int64_t stride,
                const Padding& padding, std::int64_t groups) {
  const auto [input, symmetric] = symmetrically_padded(x, padding);
  return torch::conv2d(input, weight, bias, stride, symmetric, 1, groups);
}

FoldedConv::FoldedConv(Tensor weight, Tensor bias, std::int64_t stride, std::int64_t groups)
    : dtype_(weight.scalar_type()),
      weight_(std::move(weight)),
      bias_(std::move(bias)),
      kernel_(weight_.sizes().vec()),
      stride_(stride),
      groups_(groups),
      may_fuse_(may_use_one_dnn(weight_) && is_below(weight_, safe_weight) && is_below(bias_, safe_weight)) {}

Tensor FoldedConv::prepare(const Tensor& input, const Padding& padding, Activation activation,
                           const Tensor& shortcut) {
  const torch::NoGradGuard no_gradients;
  const Tensor x = input.to(dtype_);
  may_fuse_ = may_fuse_ && is_below(x, safe_input) && (!shortcut.defined() || is_below(shortcut, safe_input));
  if (may_use_one_dnn(x) && weight_.defined()) {  // a network may call a layer several times
    direct_ = make_direct(x, padding, activation, shortcut.defined());
    if (!direct_) packed_ = pack(x, padding);
    if (direct_ || packed_.defined()) weight_.reset();
  }
  return (*this)(x, padding, activation, shortcut);
}

Tensor FoldedConv::operator()(const Tensor& input, const Padding& padding, Activation activation,
                              const Tensor& shortcut) const {
  const torch::NoGradGuard no_gradients;
  const Tensor x = input.to(dtype_);
  if (direct_) return run_direct(x, padding, activation, shortcut);
  if (packed_.defined()) return run_packed(x, padding, activation, shortcut);
  Tensor y = convolve(x, weight_, bias_, stride_, padding, groups_);
  if (shortcut.defined()) y += shortcut;
  return activate(std::move(y), activation);
}

// Null for bfloat16 and in a build without oneDNN.
std::shared_ptr<Convolution> FoldedConv::make_direct(const Tensor& x, const Padding& padding,
                                                     Activation activation, bool with_shortcut) const {
  if (dtype_ != torch::kFloat32) return nullptr;
  const Tensor weight = weight_.contiguous(channels_last), bias = bias_.contiguous();
  return Convolution::make(
      {weight.const_data_ptr<float>(), bias.const_data_ptr<float>(), kernel_[1] * groups_, kernel_[0],
       groups_, kernel_[2], kernel_[3], stride_},
      {std::max(x.size(0), expected_images_), x.size(2), x.size(3), padding, at::get_num_threads()},
      {may_fuse_ ? activation : Activation::none, with_shortcut});
}

Tensor FoldedConv::run_direct(const Tensor& input, const Padding& padding, Activation activation,
                              const Tensor& shortcut) const {
  TORCH_CHECK(input.dim() == 4 && input.size(1) == kernel_[1] * groups_, "a convolution of ",
              kernel_[1] * groups_, " channels has an input of sizes ", input.sizes());
  const Tensor x = input.contiguous(channels_last);
  const std::int64_t height = outputs(x.size(2), padding.top + padding.bottom, kernel_[2], stride_);
  const std::int64_t width = outputs(x.size(3), padding.left + padding.right, kernel_[3], stride_);
  Tensor y = at::empty({x.size(0), kernel_[0], height, width}, x.options(), channels_last);
  const Tensor added =
      shortcut.defined() ? shortcut.to(dtype_).expand_as(y).contiguous(channels_last) : Tensor();
  if (y.numel() > 0)
    (*direct_)({x.size(0), x.size(2), x.size(3), padding, at::get_num_threads()},
               may_fuse_ ? activation : Activation::none, x.const_data_ptr<float>(),
               added.defined() ? added.const_data_ptr<float>() : nullptr, y.mutable_data_ptr<float>());
  return may_fuse_ ? y : activate(std::move(y), activation);
}

// Undefined if this libtorch has no such operators, and on a processor for which oneDNN has no convolution of
// this dtype: bfloat16 without AVX-512.
Tensor FoldedConv::pack(const Tensor& input, const Padding& padding) const {
  if (!operators().complete()) return {};
  const auto [x, symmetric] = symmetrically_padded(input, padding);
  std::vector<std::int64_t> sizes = x.sizes().vec();
  sizes[0] = std::max(sizes[0], expected_images_);
  try {
    return operators().pack({weight_, symmetric, both(stride_), both(1), groups_, sizes});
  } catch (const c10::Error&) {
    return {};
  }
}

Tensor FoldedConv::run_packed(const Tensor& input, const Padding& padding, Activation activation,
                              const Tensor& shortcut) const {
  const auto [x, symmetric] = symmetrically_padded(input, padding);
  const bool sums = is_summed(activation, shortcut);
  const bool fuses = may_fuse_ && is_fusible(activation) && (sums || !shortcut.defined());
  const Activation within = fuses ? activation : Activation::none;
  Tensor y;
  if (sums) {
    const c10::IValue after = within == Activation::relu ? c10::IValue("relu") : c10::IValue();
    y = operators().convolution_and_sum({x, shortcut, packed_, bias_, symmetric, both(stride_), both(1),
                                         groups_, "add", at::Scalar(1.0), after, Scalars(), c10::IValue()});
  } else {
    y = operators().convolution({x, packed_, bias_, symmetric, both(stride_), both(1), groups_,
                                 name_of(within), bounds_of(within), algorithm_of(within)});
    if (shortcut.defined()) y += shortcut;
  }
  return fuses ? y : activate(std::move(y), activation);
}

// Only ReLU can follow the sum of libtorch's operator, and it does not support every dtype of grouped
// convolutions, nor a shortcut of another dtype.
bool FoldedConv::is_summed(Activation activation, const Tensor& shortcut) const {
  const bool follows = activation == Activation::none || activation == Activation::relu;
  return shortcut.defined() && follows && groups_ == 1 && shortcut.scalar_type() == dtype_;
}

}  // namespace graft
