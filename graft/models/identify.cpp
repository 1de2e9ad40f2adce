#include "graft/models/identify.h"

#include <algorithm>
#include <cstdint>

#include "graft/models/registry.h"

namespace graft {
namespace {

bool is_parameter(const NamedTensor& tensor) {
  return !tensor.name.ends_with("running_mean") && !tensor.name.ends_with("running_var") &&
         !tensor.name.ends_with("num_batches_tracked");
}

bool is_matrix(const NamedTensor& tensor) { return tensor.tensor.shape.size() == 2; }

}  // namespace

const TensorView* head_weight(const StateDict& state) {
  if (std::count_if(state.tensors.begin(), state.tensors.end(), is_matrix) != 1) return nullptr;
  return &std::find_if(state.tensors.begin(), state.tensors.end(), is_matrix)->tensor;
}

std::string identify_model(const StateDict& state) {
  const TensorView* head = head_weight(state);
  if (head == nullptr) return "";
  std::int64_t parameters =
      (1000 - head->shape[0]) * (head->shape[1] + 1);  // as if the head had 1000 outputs
  for (const NamedTensor& tensor : state.tensors) {
    if (is_parameter(tensor)) parameters += tensor.tensor.count();
  }
  for (const ModelSpec& spec : model_registry()) {
    if (spec.parameters == parameters) return spec.name;
  }
  return "";
}

}  // namespace graft
