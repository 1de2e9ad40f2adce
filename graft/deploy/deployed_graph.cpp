#include "graft/deploy/deployed_graph.h"

#include <algorithm>
#include <cmath>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/deploy/graph_builder.h"
#include "graft/deploy/recording.h"
#include "graft/deploy/run_graph.h"
#include "graft/models/load.h"
#include "graft/models/network.h"

namespace graft {
namespace {

// Puts a node before all others; the nodes that read the input read its output `name`.
void add_after_input(OnnxGraph& graph, const std::string& name, const std::vector<OnnxNode>& nodes) {
  const std::string input = graph.inputs.front().name;
  for (OnnxNode& node : graph.nodes) std::replace(node.inputs.begin(), node.inputs.end(), input, name);
  graph.nodes.insert(graph.nodes.begin(), nodes.begin(), nodes.end());
}

OnnxTensor half_of(const std::string& name, const OnnxTensor& constant) {
  const torch::Tensor half = to_tensor(constant.view()).to(torch::kFloat16);
  if (!half.isfinite().all().item<bool>())
    throw Error(name, "has values beyond the range of float16", "export without `half`");
  return onnx_tensor(half);
}

double largest_of(const torch::Tensor& values) { return values.abs().max().item<double>(); }

}  // namespace

void check_graph(const OnnxGraph& graph, Network& network, int size) {
  const torch::NoGradGuard no_gradients;
  const torch::Tensor images = trial_images(3, size), features = network.features(images);
  const torch::Tensor expected = network.classify(features), given = GraphRunner(graph).run(images);
  const double difference = given.sizes() == expected.sizes() ? largest_of(given - expected) : INFINITY;
  const double largest = largest_of(expected);
  // A logit can be a small difference of large products.
  const double products =
      largest_of(torch::matmul(features.abs(), network.head()->weight.flatten(1).abs().t()));
  const double tolerance = std::max(1e-4 * largest, 1e-5 * products);
  if (!(difference <= tolerance))
    throw Error(
        "the ONNX model",
        format_text("differs from the network: by %.2g where the largest logit is %.2g", difference, largest),
        "export safetensors or pth");
}

void convert_to_half(OnnxGraph& graph, int size) {
  constexpr double tolerance = 0.05;
  const torch::Tensor images = trial_images(1, size), expected = GraphRunner(graph).run(images);
  for (auto& [name, constant] : graph.constants) {
    if (constant.dtype == DType::float32) constant = half_of(name, constant);
  }
  add_after_input(graph, "half", {{"Cast", {graph.inputs.front().name}, {"half"}, {{"to", onnx_float16}}}});
  const std::string logits = graph.outputs.front().name;
  for (OnnxNode& node : graph.nodes) {
    for (auto* names : {&node.inputs, &node.outputs})
      std::replace(names->begin(), names->end(), logits, logits + ".half");
  }
  graph.nodes.push_back({"Cast", {logits + ".half"}, {logits}, {{"to", onnx_float}}});
  const torch::Tensor given = GraphRunner(graph).run(images);
  const double difference = largest_of(given - expected);
  const double largest = largest_of(expected);
  if (!(difference <= tolerance * largest))
    throw Error(
        "the ONNX model",
        format_text("is not exact enough in float16: a logit changes by %.2g where the largest is %.2g",
                    difference, largest),
        "export without `half`");
}

void add_scale(OnnxGraph& graph, double mean, double scale) {
  graph.constants["numbers.scale"] = float_tensor({}, {scale});
  graph.constants["numbers.mean"] = float_tensor({}, {mean});
  const std::string output = graph.outputs.front().name;
  graph.nodes.push_back({"Mul", {output, "numbers.scale"}, {"numbers.scaled"}});
  graph.nodes.push_back({"Add", {"numbers.scaled", "numbers.mean"}, {"numbers"}});
  graph.outputs.front().name = "numbers";
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
  if (kind == LabelKind::number) return;
  const std::string logits = graph.outputs.front().name;
  OnnxNode activation{kind == LabelKind::single ? "Softmax" : "Sigmoid", {logits}, {"probabilities"}};
  if (kind == LabelKind::single) activation.attributes["axis"] = std::int64_t{1};
  graph.nodes.push_back(std::move(activation));
  graph.outputs.front().name = "probabilities";
}

}  // namespace graft
