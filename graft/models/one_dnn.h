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

// Whether libtorch lets oneDNN compute on tensors of this device and dtype: float32 and bfloat16 on a CPU. A
// processor without AVX-512 may still lack an operator for bfloat16.
bool may_use_one_dnn(const torch::Tensor& x);

}  // namespace graft
