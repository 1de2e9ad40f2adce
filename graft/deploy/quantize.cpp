#include "graft/deploy/quantize.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "graft/core/error.h"

namespace graft {
namespace {

// A layer's weights: outputs × inputs of a group × kernel, or inputs × outputs for products of matrices.
struct Layer {
  const OnnxTensor* weights = nullptr;
  bool outputs_first = true, has_bias = false;
  std::size_t rows = 0, columns = 0, kernel = 1, groups = 1;

  std::size_t outputs() const { return outputs_first ? rows : columns; }
  std::int64_t output_axis() const { return outputs_first ? 0 : 1; }
  // Of the weight with index `i`.
  std::size_t output(std::size_t i) const { return outputs_first ? i / (columns * kernel) : i % columns; }
  std::size_t input(std::size_t i) const {
    if (!outputs_first) return i / columns;
    return output(i) / (rows / groups) * columns + i / kernel % columns;
  }
};

std::optional<Layer> layer_of(const OnnxGraph& graph, const OnnxNode& node) {
  if (node.inputs.size() < 2) return std::nullopt;
  const auto found = graph.constants.find(node.inputs[1]);
  if (found == graph.constants.end() || found->second.shape.size() < 2) return std::nullopt;
  const std::vector<std::int64_t>& shape = found->second.shape;
  Layer layer{&found->second};
  layer.has_bias = node.inputs.size() > 2 && graph.constants.contains(node.inputs[2]);
  layer.rows = static_cast<std::size_t>(shape[0]);
  layer.columns = static_cast<std::size_t>(shape[1]);
  for (std::size_t d = 2; d < shape.size(); ++d) layer.kernel *= static_cast<std::size_t>(shape[d]);
  if (node.op == "Conv") {
    layer.groups = static_cast<std::size_t>(attribute_of(node, "group", std::int64_t{1}));
    return layer;
  }
  if (shape.size() != 2) return std::nullopt;
  layer.outputs_first = node.op == "Gemm" && attribute_of(node, "transB", std::int64_t{0}) != 0;
  const bool is_plain_gemm = node.op == "Gemm" && attribute_of(node, "alpha", 1.0) == 1 &&
                             attribute_of(node, "beta", 1.0) == 1 &&
                             attribute_of(node, "transA", std::int64_t{0}) == 0;
  return node.op == "MatMul" || is_plain_gemm ? std::optional(layer) : std::nullopt;
}

bool is_clip(const OnnxNode& node) { return node.op == "Relu" || node.op == "Clip"; }
bool is_pooling(const OnnxNode& node) {
  return node.op == "MaxPool" || node.op == "GlobalAveragePool" || node.op == "AveragePool" ||
         node.op == "Reshape";
}

// What a quantised node gives: the output of the clip that alone reads its own.
std::string final_output(const OnnxGraph& graph, const OnnxNode& node,
                         const std::map<std::string, std::size_t>& uses) {
  const std::string& output = node.outputs.front();
  if (uses.at(output) != 1) return output;
  for (const OnnxNode& next : graph.nodes) {
    if (!next.inputs.empty() && next.inputs.front() == output)
      return is_clip(next) ? next.outputs.front() : output;
  }
  return output;
}

template <class Integer>
OnnxTensor integers(DType dtype, const std::vector<std::int64_t>& shape, const std::vector<double>& values) {
  std::vector<Integer> rounded;
  for (const double value : values) rounded.push_back(static_cast<Integer>(std::nearbyint(value)));
  return number_tensor(dtype, shape, rounded);
}

// As float32, as the file has it.
double stored(double value) { return static_cast<double>(static_cast<float>(value)); }

// Weights in int8: level · scale of the output.
struct QuantizedWeights {
  std::vector<double> levels, scales;
  // By how much the mean of each output changes: the changes of the weights times the means of the inputs.
  std::vector<double> shifts;
};

QuantizedWeights quantize_weights(const Layer& layer, const std::vector<double>& input_means) {
  QuantizedWeights result;
  result.levels = values_of(*layer.weights);
  result.scales.assign(layer.outputs(), 0);
  for (std::size_t i = 0; i < result.levels.size(); ++i) {
    double& largest = result.scales[layer.output(i)];
    largest = std::max(largest, std::abs(result.levels[i]));
  }
  for (double& scale : result.scales) scale = stored(scale > 0 ? scale / 127 : 1);
  result.shifts.assign(layer.has_bias ? layer.outputs() : 0, 0);
  for (std::size_t i = 0; i < result.levels.size(); ++i) {
    const double scale = result.scales[layer.output(i)], exact = result.levels[i];
    result.levels[i] = std::clamp(std::nearbyint(exact / scale), -127.0, 127.0);
    if (layer.has_bias)
      result.shifts[layer.output(i)] += (result.levels[i] * scale - exact) * input_means.at(layer.input(i));
  }
  return result;
}

class Quantizer {
 public:
  Quantizer(const OnnxGraph& graph, const GraphStatistics& statistics, const std::set<std::string>& in_float)
      : from_(graph),
        statistics_(statistics),
        in_float_(in_float),
        result_{{}, graph.constants, graph.inputs, graph.outputs} {
    for (const std::string& value : quantized_values(graph, in_float)) values_.insert(value);
  }

  OnnxGraph run() {
    add_rounding(from_.inputs.front().name);
    for (OnnxNode node : from_.nodes) {
      const auto layer = layer_of(from_, node);
      const bool is_quantized = layer && !in_float_.contains(node.inputs[1]);
      const std::string input = node.inputs.empty() ? "" : node.inputs.front();
      for (std::string& each : node.inputs) {
        if (values_.contains(each)) each += ".rounded";
      }
      if (is_quantized) quantize_layer(node, input, *layer);
      result_.nodes.push_back(node);
      for (const std::string& output : node.outputs) add_rounding(output);
    }
    drop_unused_constants(result_);
    return std::move(result_);
  }

 private:
  // QuantizeLinear and DequantizeLinear of a value, which its readers read.
  void add_rounding(const std::string& value) {
    if (!values_.contains(value)) return;
    const double scale = scale_of(value), low = std::min(0.0, statistics_.at(value).low);
    result_.constants[value + ".scale"] = float_tensor({}, {scale});
    result_.constants[value + ".zero"] =
        integers<std::uint8_t>(DType::uint8, {}, {std::clamp(std::nearbyint(-low / scale), 0.0, 255.0)});
    result_.nodes.push_back(
        {"QuantizeLinear", {value, value + ".scale", value + ".zero"}, {value + ".levels"}});
    result_.nodes.push_back(
        {"DequantizeLinear", {value + ".levels", value + ".scale", value + ".zero"}, {value + ".rounded"}});
  }

  double scale_of(const std::string& value) const {
    const ValueStatistics& range = statistics_.at(value);
    const double width = std::max(0.0, range.high) - std::min(0.0, range.low);
    return stored(width > 0 ? width / 255 : 1);
  }

  void quantize_layer(OnnxNode& node, const std::string& input, const Layer& layer) {
    const std::string name = node.inputs[1];
    const QuantizedWeights weights = quantize_weights(layer, statistics_.at(input).means);
    const auto outputs = static_cast<std::int64_t>(layer.outputs());
    const bool is_shared = result_.constants.contains(name + ".int8");
    result_.constants[name + ".int8"] =
        integers<std::int8_t>(DType::int8, layer.weights->shape, weights.levels);
    node.inputs[1] =
        is_shared ? name + ".int8.rounded" : dequantized(name, ".int8", weights.scales, layer.output_axis());
    if (!layer.has_bias) return;
    // In the units of the products of input and weights, without the shifts of the means (bias correction).
    std::vector<double> biases = values_of(from_.constants.at(node.inputs[2])), scales;
    for (std::size_t c = 0; c < biases.size(); ++c) {
      scales.push_back(stored(scale_of(input) * weights.scales[c]));
      biases[c] = std::clamp((biases[c] - weights.shifts[c]) / scales[c], -2147483647.0, 2147483647.0);
    }
    const std::string of_layer = node.outputs.front() + ".bias";  // layers may share weights, not the input
    result_.constants[of_layer + ".int32"] = integers<std::int32_t>(DType::int32, {outputs}, biases);
    node.inputs[2] = dequantized(of_layer, ".int32", scales, 0);
  }

  // The output of a node that makes numbers of the constant `name` + `type`, with zero points of 0.
  std::string dequantized(const std::string& name, const std::string& type, const std::vector<double>& scales,
                          std::int64_t axis) {
    const auto count = static_cast<std::int64_t>(scales.size());
    result_.constants[name + ".scale"] = float_tensor({count}, scales);
    const std::string output = name + type + ".rounded";
    result_.nodes.push_back({"DequantizeLinear", {name + type, name + ".scale"}, {output}, {{"axis", axis}}});
    return output;
  }

  const OnnxGraph& from_;
  const GraphStatistics& statistics_;
  const std::set<std::string>& in_float_;
  std::set<std::string> values_;
  OnnxGraph result_;
};

}  // namespace

std::vector<std::string> quantizable_layers(const OnnxGraph& graph) {
  std::vector<std::string> layers;
  for (const OnnxNode& node : graph.nodes) {
    const bool is_new =
        layer_of(graph, node) && std::find(layers.begin(), layers.end(), node.inputs[1]) == layers.end();
    if (is_new) layers.push_back(node.inputs[1]);
  }
  return layers;
}

std::string layer_name(const std::string& weights) { return weights.substr(0, weights.find(".weight")); }

std::vector<std::string> quantized_values(const OnnxGraph& graph, const std::set<std::string>& in_float) {
  const auto uses = uses_of(graph);
  std::vector<std::string> values;
  std::set<std::string> known;
  const auto add = [&](const std::string& value) {
    const bool is_output = value == graph.outputs.front().name;
    if (!is_output && known.insert(value).second) values.push_back(value);
  };
  for (const OnnxNode& node : graph.nodes) {
    const auto is_known = [&](const std::string& input) { return known.contains(input); };
    if (layer_of(graph, node) && !in_float.contains(node.inputs[1])) {
      add(node.inputs[0]);
      add(final_output(graph, node, uses));
    } else if (node.op == "Add" && std::all_of(node.inputs.begin(), node.inputs.end(), is_known)) {
      add(final_output(graph, node, uses));
    } else if (is_pooling(node) && is_known(node.inputs[0])) {
      add(node.outputs[0]);
    }
  }
  return values;
}

OnnxGraph quantize(const OnnxGraph& graph, const GraphStatistics& statistics,
                   const std::set<std::string>& in_float) {
  return Quantizer(graph, statistics, in_float).run();
}

}  // namespace graft
