#include "graft/deploy/fold_graph.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace graft {
namespace {

using Integers = std::vector<std::int64_t>;

const OnnxTensor* constant_of(const OnnxGraph& graph, const OnnxNode& node, std::size_t input) {
  if (input >= node.inputs.size()) return nullptr;
  const auto found = graph.constants.find(node.inputs[input]);
  return found == graph.constants.end() ? nullptr : &found->second;
}

// Calls `join` for each pair of a node and the only node that uses its output. The second is removed if it
// returns true.
void join_pairs(OnnxGraph& graph, const std::string& first, const std::string& second,
                const std::function<bool(OnnxNode&, OnnxNode&)>& join) {
  const auto uses = uses_of(graph);
  std::map<std::string, std::size_t> makers;
  std::vector<bool> removed(graph.nodes.size(), false);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    OnnxNode& node = graph.nodes[i];
    const auto maker = node.inputs.empty() ? makers.end() : makers.find(node.inputs.front());
    if (node.op == second && maker != makers.end() && uses.at(maker->first) == 1) {
      OnnxNode& before = graph.nodes[maker->second];
      if (before.op == first && join(before, node)) {
        // the joined node keeps the place of the second, after all of its inputs
        node = std::move(before);
        removed[maker->second] = true;
      }
    }
    for (const std::string& output : node.outputs) makers[output] = i;
  }
  std::size_t i = 0;
  std::erase_if(graph.nodes, [&](const OnnxNode&) { return removed[i++]; });
}

// y = (x − mean) · weight / √(variance + epsilon) + bias, of each channel.
bool join_batch_norm(OnnxGraph& graph, OnnxNode& conv, OnnxNode& norm) {
  const OnnxTensor* kernel = constant_of(graph, conv, 1);
  const OnnxTensor* parts[] = {constant_of(graph, norm, 1), constant_of(graph, norm, 2),
                               constant_of(graph, norm, 3), constant_of(graph, norm, 4)};
  if (!kernel || std::find(std::begin(parts), std::end(parts), nullptr) != std::end(parts)) return false;
  const OnnxTensor* bias = constant_of(graph, conv, 2);
  if (conv.inputs.size() > 2 && !bias) return false;
  std::vector<double> values = values_of(*kernel);
  const std::vector<double> scale = values_of(*parts[0]), shift = values_of(*parts[1]),
                            mean = values_of(*parts[2]), variance = values_of(*parts[3]);
  std::vector<double> biases = bias ? values_of(*bias) : std::vector<double>(scale.size(), 0);
  const double epsilon = attribute_of(norm, "epsilon", 1e-5);
  const std::size_t each = values.size() / scale.size();
  for (std::size_t c = 0; c < scale.size(); ++c) {
    const double factor = scale[c] / std::sqrt(variance[c] + epsilon);
    for (std::size_t i = c * each; i < (c + 1) * each; ++i) values[i] *= factor;
    biases[c] = (biases[c] - mean[c]) * factor + shift[c];
  }
  const std::string weight_name = conv.inputs[1] + ".folded", bias_name = conv.inputs[1] + ".folded_bias";
  if (graph.constants.contains(weight_name)) return false;  // two convolutions share the kernel
  const Integers shape = kernel->shape;
  graph.constants[weight_name] = float_tensor(shape, values);
  graph.constants[bias_name] = float_tensor({static_cast<std::int64_t>(biases.size())}, biases);
  conv.inputs = {conv.inputs[0], weight_name, bias_name};
  conv.outputs = norm.outputs;
  return true;
}

bool join_padding(OnnxGraph& graph, OnnxNode& pad, OnnxNode& conv) {
  const OnnxTensor* sizes = constant_of(graph, pad, 1);
  const OnnxTensor* value = constant_of(graph, pad, 2);
  if (!sizes || (value && values_of(*value).front() != 0)) return false;
  const Integers pads = integers_of(*sizes);
  const std::size_t dimensions = pads.size() / 2;
  Integers joined = attribute_of(conv, "pads", Integers(2 * (dimensions - 2), 0));
  for (std::size_t end = 0; end < 2; ++end) {
    for (std::size_t d = 0; d < dimensions; ++d) {
      const std::int64_t size = pads[end * dimensions + d];
      if (size < 0 || (d < 2 && size != 0)) return false;
      if (d >= 2) joined[end * (dimensions - 2) + d - 2] += size;
    }
  }
  OnnxNode result = conv;
  result.inputs[0] = pad.inputs[0];
  result.attributes["pads"] = joined;
  pad = std::move(result);
  return true;
}

}  // namespace

void fold(OnnxGraph& graph) {
  join_pairs(graph, "Pad", "Conv",
             [&](OnnxNode& pad, OnnxNode& conv) { return join_padding(graph, pad, conv); });
  join_pairs(graph, "Conv", "BatchNormalization",
             [&](OnnxNode& conv, OnnxNode& norm) { return join_batch_norm(graph, conv, norm); });
  drop_unused_constants(graph);
}

}  // namespace graft
