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

// float64 networks and other devices use torch's own convolution.
bool is_for_one_dnn(const Tensor& x) { return may_use_one_dnn(x) && operators().complete(); }

}  // namespace

FoldedConv::FoldedConv(Tensor weight, Tensor bias, std::int64_t stride, std::int64_t groups)
    : dtype_(weight.scalar_type()),
      weight_(std::move(weight)),
      bias_(std::move(bias)),
      stride_(stride),
      groups_(groups),
      may_fuse_(is_for_one_dnn(weight_) && is_below(weight_, safe_weight) && is_below(bias_, safe_weight)) {}

void FoldedConv::lead() { weight_ = torch::constant_pad_nd(weight_, {1, 0, 1, 0}); }

Tensor FoldedConv::prepare(const Tensor& input, torch::IntArrayRef padding, Activation activation,
                           const Tensor& shortcut) {
  const torch::NoGradGuard no_gradients;
  const Tensor x = input.to(dtype_);
  if (is_for_one_dnn(x)) packed_ = pack(x, padding);
  if (packed_.defined()) weight_.reset();
  fuses_ = packed_.defined() && may_fuse_ && is_below(x, safe_input) &&
           (!shortcut.defined() || is_below(shortcut, safe_input));
  return (*this)(x, padding, activation, shortcut);
}

// Undefined on a processor for which oneDNN has no convolution of this dtype: bfloat16 without AVX-512.
Tensor FoldedConv::pack(const Tensor& x, torch::IntArrayRef padding) const {
  std::vector<std::int64_t> sizes = x.sizes().vec();
  sizes[0] = std::max(sizes[0], expected_images_);
  try {
    return operators().pack({weight_, padding.vec(), both(stride_), both(1), groups_, sizes});
  } catch (const c10::Error&) {
    return {};
  }
}

Tensor FoldedConv::operator()(const Tensor& input, torch::IntArrayRef padding, Activation activation,
                              const Tensor& shortcut) const {
  const torch::NoGradGuard no_gradients;
  const bool sums = is_summed(activation, shortcut);
  const bool fuses = fuses_ && is_fusible(activation) && (sums || !shortcut.defined());
  Tensor y = convolve(input.to(dtype_), padding, sums, fuses ? activation : Activation::none, shortcut);
  return fuses ? y : activate(std::move(y), activation);
}

// Only ReLU can follow the fused sum, and it does not support every dtype of grouped convolutions, nor a
// shortcut of another dtype.
bool FoldedConv::is_summed(Activation activation, const Tensor& shortcut) const {
  const bool follows = activation == Activation::none || activation == Activation::relu;
  return shortcut.defined() && follows && groups_ == 1 && shortcut.scalar_type() == dtype_;
}

Tensor FoldedConv::convolve(const Tensor& x, torch::IntArrayRef padding, bool sums, Activation within,
                            const Tensor& shortcut) const {
  if (packed_.defined() && sums) {
    const c10::IValue after = within == Activation::relu ? c10::IValue("relu") : c10::IValue();
    return operators().convolution_and_sum({x, shortcut, packed_, bias_, padding.vec(), both(stride_),
                                            both(1), groups_, "add", at::Scalar(1.0), after, Scalars(),
                                            c10::IValue()});
  }
  Tensor y = packed_.defined()
                 ? operators().convolution({x, packed_, bias_, padding.vec(), both(stride_), both(1), groups_,
                                            name_of(within), bounds_of(within), algorithm_of(within)})
                 : torch::conv2d(x, weight_, bias_, stride_, padding, 1, groups_);
  if (shortcut.defined()) y += shortcut;
  return y;
}

}  // namespace graft
