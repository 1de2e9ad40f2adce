#include "graft/models/file_names.h"

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "graft/models/registry.h"

namespace graft {
namespace {

bool is_parameter(const NamedTensor& tensor) {
  return !tensor.name.ends_with("running_mean") && !tensor.name.ends_with("running_var") &&
         !tensor.name.ends_with("num_batches_tracked");
}

std::string with_parameters(std::int64_t count) {
  for (const ModelSpec& spec : model_registry()) {
    if (spec.parameters == count) return spec.name;
  }
  return "";
}

}  // namespace

std::string identify_model(const StateDict& state) {
  std::int64_t parameters = 0;
  std::map<std::string, std::int64_t> vectors;  // name → length
  for (const NamedTensor& each : state.tensors) {
    if (is_parameter(each)) parameters += each.tensor.count();
    if (each.tensor.shape.size() == 1) vectors[each.name] = each.tensor.shape[0];
  }
  for (auto each = state.tensors.rbegin(); each != state.tensors.rend(); ++each) {
    constexpr std::string_view leaf = "weight";
    const std::vector<std::int64_t>& shape = each->tensor.shape;
    if (shape.size() != 2 || !each->name.ends_with(leaf)) continue;
    const auto bias = vectors.find(each->name.substr(0, each->name.size() - leaf.size()) + "bias");
    if (bias == vectors.end() || bias->second != shape[0]) continue;
    // The count with a head of 1000 outputs.
    std::string name = with_parameters(parameters + (1000 - shape[0]) * (shape[1] + 1));
    if (!name.empty()) return name;
  }
  return "";
}

}  // namespace graft
