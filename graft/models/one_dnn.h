// oneDNN's operators on packed weights, which libtorch's own compiler uses.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

#include <optional>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

// An operator that has no C++ header and that a libtorch without oneDNN lacks: it is looked up by its name
// and called with a list of arguments.
class OneDnnOperator {
 public:
  explicit OneDnnOperator(const char* name, const char* overload = "");
  // Whether this libtorch has it.
  explicit operator bool() const { return handle_.has_value(); }
  torch::Tensor operator()(std::vector<c10::IValue> arguments) const;

 private:
  std::optional<c10::OperatorHandle> handle_;
};

// oneDNN's inner product. On the measured processors (AMD with AVX2 and AVX-512) it takes 0.6 to 1 of the
// time of MKL's matrix product, which torch::linear uses.
struct LinearOperators {
  OneDnnOperator pack{"mkldnn::_reorder_linear_weight"};  // weight, rows of the input
  // Input, packed weight, bias, name of the activation, its scalars, its algorithm.
  OneDnnOperator linear{"mkldnn::_linear_pointwise"};

  bool complete() const { return pack && linear; }
};
const LinearOperators& linear_operators();

// torch::linear by that product, for float32 on a CPU. The first one has no gradients, and takes a packed
// weight too.
torch::Tensor inner_product(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias);
torch::Tensor trainable_linear(const torch::Tensor& x, const torch::Tensor& weight,
                               const torch::Tensor& bias);

// Whether libtorch lets oneDNN compute on tensors of this device and dtype: float32 and bfloat16 on a CPU. A
// processor without AVX-512 may still lack an operator for bfloat16.
bool may_use_one_dnn(const torch::Tensor& x);

}  // namespace graft
