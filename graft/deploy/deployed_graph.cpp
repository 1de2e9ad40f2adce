#include "graft/deploy/deployed_graph.h"

#include <algorithm>
#include <cstring>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/deploy/recording.h"
#include "graft/deploy/run_graph.h"
#include "graft/models/network.h"

namespace graft {
namespace {

void rename(OnnxGraph& graph, const std::string& from, const std::string& to) {
  for (OnnxNode& node : graph.nodes) {
    for (auto* names : {&node.inputs, &node.outputs}) std::replace(names->begin(), names->end(), from, to);
  }
  for (auto* ports : {&graph.inputs, &graph.outputs}) {
    for (OnnxPort& port : *ports) {
      if (port.name == from) port.name = to;
    }
  }
}

// Puts a node before all others; the nodes that read the input read its output `name`.
void add_after_input(OnnxGraph& graph, const std::string& name, const std::vector<OnnxNode>& nodes) {
  const std::string input = graph.inputs.front().name;
  for (OnnxNode& node : graph.nodes) std::replace(node.inputs.begin(), node.inputs.end(), input, name);
  graph.nodes.insert(graph.nodes.begin(), nodes.begin(), nodes.end());
}

// Puts a node after all others: the output keeps its name, and the node reads `name`.
void add_before_output(OnnxGraph& graph, const std::string& name, OnnxNode node) {
  OnnxPort& port = graph.outputs.front();
  for (OnnxNode& each : graph.nodes) {
    for (auto* names : {&each.inputs, &each.outputs})
      std::replace(names->begin(), names->end(), port.name, name);
  }
  node.inputs = {name};
  node.outputs = {port.name};
  graph.nodes.push_back(std::move(node));
}

OnnxTensor half_of(const std::string& name, const OnnxTensor& constant) {
  const torch::Tensor values =
      torch::from_blob(const_cast<std::uint8_t*>(constant.bytes.data()), constant.shape, torch::kFloat32);
  const torch::Tensor half = values.to(torch::kFloat16);
  if (!half.isfinite().all().item<bool>())
    throw Error(name, "has values beyond the range of float16", "export without `half`");
  OnnxTensor result{DType::float16, constant.shape, std::vector<std::uint8_t>(half.nbytes())};
  std::memcpy(result.bytes.data(), half.const_data_ptr(), half.nbytes());
  return result;
}

}  // namespace

void check_graph(const OnnxGraph& graph, Network& network, int size) {
  constexpr double tolerance = 1e-4;
  const torch::NoGradGuard no_gradients;
  const torch::Tensor images = trial_images(3, size);
  const torch::Tensor expected = network.forward(images), given = GraphRunner(graph).run(images);
  const double difference = (given - expected).abs().max().item<double>();
  const double largest = expected.abs().max().item<double>();
  if (given.sizes() != expected.sizes() || !(difference <= tolerance * largest))
    throw Error(
        "the ONNX model",
        format_text("differs from the network: by %.2g where the largest logit is %.2g", difference, largest),
        "export safetensors or pth");
}

void add_preprocess(OnnxGraph& graph, const Preprocess& preprocess, LabelKind kind) {
  std::vector<double> factors, shifts;  // of value · factor + shift
  for (std::size_t c = 0; c < 3; ++c) {
    const double mean = preprocess.mean[c], std = preprocess.std[c];
    factors.push_back(1 / (255 * std));
    shifts.push_back(-mean / std);
  }
  graph.constants["preprocess.factor"] = float_tensor({1, 3, 1, 1}, factors);
  graph.constants["preprocess.shift"] = float_tensor({1, 3, 1, 1}, shifts);
  const std::string input = graph.inputs.front().name;
  add_after_input(graph, "normalised",
                  {{"Cast", {input}, {"pixels"}, {{"to", onnx_float}}},
                   {"Transpose", {"pixels"}, {"planes"}, {{"perm", std::vector<std::int64_t>{0, 3, 1, 2}}}},
                   {"Mul", {"planes", "preprocess.factor"}, {"scaled"}},
                   {"Add", {"scaled", "preprocess.shift"}, {"normalised"}}});
  graph.inputs.front() = {input, DType::uint8, {-1, preprocess.crop, preprocess.crop, 3}};
  if (kind == LabelKind::number) return rename(graph, graph.outputs.front().name, "numbers");
  const std::string logits = graph.outputs.front().name;
  const bool single = kind == LabelKind::single;
  OnnxNode activation{single ? "Softmax" : "Sigmoid", {}, {}};
  if (single) activation.attributes["axis"] = std::int64_t{1};
  add_before_output(graph, "network.logits", activation);
  rename(graph, logits, "probabilities");
}

void convert_to_half(OnnxGraph& graph) {
  for (auto& [name, constant] : graph.constants) {
    if (constant.dtype == DType::float32) constant = half_of(name, constant);
  }
  for (OnnxNode& node : graph.nodes) {
    if (node.op == "Cast" && attribute_of(node, "to", onnx_float) == onnx_float)
      node.attributes["to"] = onnx_float16;
  }
  if (graph.inputs.front().dtype == DType::float32)
    add_after_input(graph, "half", {{"Cast", {graph.inputs.front().name}, {"half"}, {{"to", onnx_float16}}}});
  add_before_output(graph, "half.output", {"Cast", {}, {}, {{"to", onnx_float}}});
}

}  // namespace graft
