#include "graft/models/file_names.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "graft/models/load.h"
#include "graft/models/network.h"
#include "graft/models/registry.h"

namespace graft {
namespace {

// The names of buffers; others are parameters.
constexpr std::array<std::string_view, 5> buffers = {"running_mean", "running_var", "num_batches_tracked",
                                                     "relative_position_index", "relative_coords_table"};

bool is_parameter(const NamedTensor& tensor) {
  return std::none_of(buffers.begin(), buffers.end(),
                      [&](std::string_view buffer) { return tensor.name.ends_with(buffer); });
}

// How many of the network's tensors the file has under their names there.
std::size_t names_in_common(const ModelSpec& spec, const StateDict& state) {
  const NetworkPtr network = spec.build({1, Init::none});
  StateDict adapted = state;
  std::vector<std::string> notes;
  if (spec.adapt) spec.adapt(adapted, *network, notes);
  return fit_names(*network, spec, adapted).views.size();
}

// The model with this number of parameters; of several the one whose names the file has.
std::string with_parameters(std::int64_t count, const StateDict& state) {
  std::vector<const ModelSpec*> found;
  for (const ModelSpec& spec : model_registry()) {
    if (spec.parameters == count) found.push_back(&spec);
  }
  if (found.size() > 1) {
    std::vector<std::size_t> common;
    for (const ModelSpec* spec : found) common.push_back(names_in_common(*spec, state));
    found = {
        found[static_cast<std::size_t>(std::max_element(common.begin(), common.end()) - common.begin())]};
  }
  return found.empty() ? "" : found.front()->name;
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
    const bool has_bias = bias != vectors.end() && bias->second == shape[0];
    // The count with a head of 1000 outputs.
    std::string name =
        with_parameters(parameters + (1000 - shape[0]) * (shape[1] + (has_bias ? 1 : 0)), state);
    if (!name.empty()) return name;
  }
  return "";
}

}  // namespace graft
