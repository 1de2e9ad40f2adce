#include "graft/models/one_dnn.h"

namespace graft {

OneDnnOperator::OneDnnOperator(const char* name, const char* overload)
    : handle_(c10::Dispatcher::singleton().findSchema({name, overload})) {}

torch::Tensor OneDnnOperator::operator()(std::vector<c10::IValue> arguments) const {
  handle_->callBoxed(&arguments);
  return arguments.front().toTensor();
}

bool may_use_one_dnn(const torch::Tensor& x) {
  const bool known = x.scalar_type() == torch::kFloat32 || x.scalar_type() == torch::kBFloat16;
  return known && x.device().is_cpu() && at::globalContext().userEnabledMkldnn();
}

}  // namespace graft
