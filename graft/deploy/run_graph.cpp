#include "graft/deploy/run_graph.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "graft/core/error.h"
#include "graft/models/load.h"

namespace graft {
namespace {

using Integers = std::vector<std::int64_t>;
using Tensors = std::vector<torch::Tensor>;

Integers integers_of_tensor(const torch::Tensor& tensor) {
  const torch::Tensor values = tensor.contiguous();
  return {values.const_data_ptr<std::int64_t>(), values.const_data_ptr<std::int64_t>() + values.numel()};
}

// A node with its inputs; one that is left out is not defined.
struct Operands {
  const OnnxNode& node;
  Tensors in;

  const torch::Tensor& operator[](std::size_t i) const { return in[i]; }
  bool has(std::size_t i) const { return i < in.size() && in[i].defined(); }
  std::optional<torch::Tensor> optional(std::size_t i) const {
    return has(i) ? std::optional(in[i]) : std::nullopt;
  }
  Integers integers(std::size_t i) const { return integers_of_tensor(in[i]); }
  template <class Value>
  Value attribute(const char* name, const Value& otherwise) const {
    return attribute_of(node, name, otherwise);
  }
};

// ONNX's pads are begins, then ends; libtorch's operators have one for both.
torch::Tensor padded(const torch::Tensor& input, const Integers& pads, double value) {
  Integers sizes;  // of the last dimension first
  const std::size_t dimensions = pads.size() / 2;
  for (std::size_t i = dimensions; i-- > 0;) {
    sizes.push_back(pads[i]);
    sizes.push_back(pads[dimensions + i]);
  }
  return torch::constant_pad_nd(input, sizes, value);
}

bool is_symmetric(const Integers& pads) {
  const auto half = static_cast<std::ptrdiff_t>(pads.size() / 2);
  return std::equal(pads.begin(), pads.begin() + half, pads.begin() + half);
}

Integers first_half(const Integers& pads) {
  return {pads.begin(), pads.begin() + static_cast<std::ptrdiff_t>(pads.size() / 2)};
}

torch::Tensor run_convolution(const Operands& op) {
  const auto spatial = static_cast<std::size_t>(op[1].dim() - 2);
  const Integers ones(spatial, 1), zeros(2 * spatial, 0);
  Integers pads = op.attribute("pads", zeros);
  torch::Tensor input = op[0];
  if (!is_symmetric(pads)) {
    input = padded(input, pads, 0);
    pads = zeros;
  }
  return torch::convolution(input, op[1], op.optional(2), op.attribute("strides", ones), first_half(pads),
                            op.attribute("dilations", ones), /*transposed=*/false, Integers(spatial, 0),
                            op.attribute("group", std::int64_t{1}));
}

torch::Tensor run_gemm(const Operands& op) {
  const auto side = [&](std::size_t i, const char* name) {
    return op.attribute(name, std::int64_t{0}) != 0 ? op[i].t() : op[i];
  };
  const torch::Tensor product =
      torch::matmul(side(0, "transA"), side(1, "transB")) * op.attribute("alpha", 1.0);
  return op.has(2) ? product + op[2] * op.attribute("beta", 1.0) : product;
}

torch::Tensor run_max_pool(const Operands& op) {
  const Integers kernel = op.attribute("kernel_shape", Integers{}),
                 pads = op.attribute("pads", Integers(4, 0));
  return torch::max_pool2d(op[0], kernel, op.attribute("strides", Integers(2, 1)), first_half(pads),
                           op.attribute("dilations", Integers(2, 1)),
                           op.attribute("ceil_mode", std::int64_t{0}) != 0);
}

torch::Tensor run_average_pool(const Operands& op) {
  const Integers kernel = op.attribute("kernel_shape", Integers{}),
                 pads = op.attribute("pads", Integers(4, 0));
  return torch::avg_pool2d(op[0], kernel, op.attribute("strides", Integers(2, 1)), first_half(pads),
                           op.attribute("ceil_mode", std::int64_t{0}) != 0,
                           op.attribute("count_include_pad", std::int64_t{0}) != 0);
}

torch::Tensor run_layer_norm(const Operands& op) {
  const Integers sizes = op[0].sizes().vec();
  const auto axis = static_cast<std::ptrdiff_t>(op.attribute("axis", std::int64_t{-1}));
  const auto first = axis < 0 ? sizes.end() + axis : sizes.begin() + axis;
  return torch::layer_norm(op[0], Integers(first, sizes.end()), op[1], op.optional(2),
                           op.attribute("epsilon", 1e-5));
}

// A size of 0 keeps that of the input.
torch::Tensor run_reshape(const Operands& op) {
  Integers sizes = op.integers(1);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0) sizes[i] = op[0].size(static_cast<std::int64_t>(i));
  }
  return op[0].reshape(sizes);
}

torch::Tensor run_slice(const Operands& op) {
  torch::Tensor result = op[0];
  const Integers starts = op.integers(1), ends = op.integers(2), dims = op.integers(3),
                 steps = op.integers(4);
  for (std::size_t i = 0; i < dims.size(); ++i)
    result = steps[i] < 0 ? result.flip(dims[i]) : result.slice(dims[i], starts[i], ends[i], steps[i]);
  return result;
}

torch::Tensor run_clip(const Operands& op) {
  std::optional<at::Scalar> least, most;
  if (op.has(1)) least = op[1].item();
  if (op.has(2)) most = op[2].item();
  return op[0].clamp(least, most);
}

// Of each channel along `axis`, or of all.
torch::Tensor along(const torch::Tensor& values, const torch::Tensor& of, std::int64_t axis) {
  if (values.dim() == 0) return values;
  Integers shape(static_cast<std::size_t>(of.dim()), 1);
  shape[static_cast<std::size_t>(axis < 0 ? axis + of.dim() : axis)] = values.numel();
  return values.view(shape);
}

// Of one scale and zero point. Halves are rounded to even.
torch::Tensor run_quantize(const Operands& op) {
  const torch::ScalarType type = op[2].scalar_type();
  const bool is_signed = type == torch::kInt8;
  torch::Tensor levels = (op[0] / op[1]).round_().add_(op[2].to(torch::kFloat32));
  return levels.clamp_(is_signed ? -128 : 0, is_signed ? 127 : 255).to(type);
}

torch::Tensor run_dequantize(const Operands& op) {
  const std::int64_t axis = op.attribute("axis", std::int64_t{1});
  torch::Tensor values = op[0].to(torch::kFloat32);
  if (op.has(2)) values.sub_(along(op[2], values, axis).to(torch::kFloat32));
  return values.mul_(along(op[1], values, axis));
}

torch::Tensor run_cast(const Operands& op) {
  const std::int64_t to = op.attribute("to", onnx_float);
  if (to != onnx_float && to != onnx_float16) throw Error("the graph", "casts to type " + std::to_string(to));
  return op[0].to(to == onnx_float ? torch::kFloat32 : torch::kFloat16);
}

torch::Tensor run_shape_of(const Operands& op) {
  const Integers sizes = op[0].sizes().vec();
  const std::int64_t start = op.attribute("start", std::int64_t{0});
  const std::int64_t end = op.attribute("end", static_cast<std::int64_t>(sizes.size()));
  return torch::tensor(Integers(sizes.begin() + start, sizes.begin() + end), torch::kInt64);
}

using Compute = std::function<torch::Tensor(const Operands&)>;

Compute unary(torch::Tensor (*function)(const torch::Tensor&)) {
  return [function](const Operands& op) { return function(op[0]); };
}

const std::map<std::string, Compute>& computations() {
  static const std::map<std::string, Compute> table = {
      {"Abs", unary(torch::abs)},
      {"Add", [](const Operands& op) { return op[0] + op[1]; }},
      {"AveragePool", run_average_pool},
      {"BatchNormalization",
       [](const Operands& op) {
         return torch::batch_norm(op[0], op[1], op[2], op[3], op[4], false, 0, op.attribute("epsilon", 1e-5),
                                  false);
       }},
      {"Cast", run_cast},
      {"Clip", run_clip},
      {"Concat", [](const Operands& op) { return torch::cat(op.in, op.attribute("axis", std::int64_t{0})); }},
      {"Conv", run_convolution},
      {"DequantizeLinear", run_dequantize},
      {"Div", [](const Operands& op) { return op[0] / op[1]; }},
      {"Elu", [](const Operands& op) { return torch::elu(op[0]); }},
      {"Erf", unary(torch::erf)},
      {"Exp", unary(torch::exp)},
      {"Expand", [](const Operands& op) { return op[0].expand(op.integers(1)); }},
      {"Gather",
       [](const Operands& op) {
         return op[0].select(op.attribute("axis", std::int64_t{0}), op[1].item<std::int64_t>());
       }},
      {"Gemm", run_gemm},
      {"GlobalAveragePool",
       [](const Operands& op) {
         return op[0].mean({2, 3}, true);
       }},
      {"HardSigmoid", [](const Operands& op) { return torch::hardsigmoid(op[0]); }},
      {"HardSwish", [](const Operands& op) { return torch::hardswish(op[0]); }},
      {"LayerNormalization", run_layer_norm},
      {"LeakyRelu", [](const Operands& op) { return torch::leaky_relu(op[0], op.attribute("alpha", 0.01)); }},
      {"Log", unary(torch::log)},
      {"MatMul", [](const Operands& op) { return torch::matmul(op[0], op[1]); }},
      {"Max", [](const Operands& op) { return torch::maximum(op[0], op[1]); }},
      {"MaxPool", run_max_pool},
      {"Min", [](const Operands& op) { return torch::minimum(op[0], op[1]); }},
      {"Mul", [](const Operands& op) { return op[0] * op[1]; }},
      {"Neg", unary(torch::neg)},
      {"Pad",
       [](const Operands& op) {
         return padded(op[0], op.integers(1), op.has(2) ? op[2].item<double>() : 0);
       }},
      {"Pow", [](const Operands& op) { return torch::pow(op[0], op[1]); }},
      {"QuantizeLinear", run_quantize},
      {"Reciprocal", unary(torch::reciprocal)},
      {"ReduceL2",
       [](const Operands& op) {
         return torch::norm(op[0], 2, op.attribute("axes", Integers{}),
                            op.attribute("keepdims", std::int64_t{1}) != 0);
       }},
      {"ReduceMean",
       [](const Operands& op) {
         return op[0].mean(op.attribute("axes", Integers{}), op.attribute("keepdims", std::int64_t{1}) != 0);
       }},
      {"Relu", unary(torch::relu)},
      {"Reshape", run_reshape},
      {"Shape", run_shape_of},
      {"Sigmoid", unary(torch::sigmoid)},
      {"Slice", run_slice},
      {"Softmax",
       [](const Operands& op) { return torch::softmax(op[0], op.attribute("axis", std::int64_t{-1})); }},
      {"Sqrt", unary(torch::sqrt)},
      {"Sub", [](const Operands& op) { return op[0] - op[1]; }},
      {"Tanh", unary(torch::tanh)},
      {"Tile", [](const Operands& op) { return op[0].repeat(op.integers(1)); }},
      {"Transpose", [](const Operands& op) { return op[0].permute(op.attribute("perm", Integers{})); }},
  };
  return table;
}

Tensors outputs_of(const Operands& op) {
  if (op.node.op == "Split")
    return op[0].split_with_sizes(op.integers(1), op.attribute("axis", std::int64_t{0}));
  return {computations().at(op.node.op)(op)};
}

// For each value the index of the last node that uses it.
std::map<std::string, std::size_t> last_uses(const OnnxGraph& graph) {
  std::map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    for (const std::string& input : graph.nodes[i].inputs) last[input] = i;
  }
  return last;
}

}  // namespace

GraphRunner::GraphRunner(const OnnxGraph& graph) : graph_{graph.nodes, {}, graph.inputs, graph.outputs} {
  for (const OnnxNode& node : graph.nodes) {
    if (node.op != "Split" && !computations().contains(node.op))
      throw Error("the graph", "has the operator " + node.op + ", which graft does not compute");
  }
  for (const auto& [name, constant] : graph.constants) constants_[name] = to_tensor(constant.view()).clone();
  compute_constants();
}

void GraphRunner::compute_constants() {
  const auto is_constant = [&](const std::string& name) { return name.empty() || constants_.contains(name); };
  std::erase_if(graph_.nodes, [&](const OnnxNode& node) {
    if (!std::all_of(node.inputs.begin(), node.inputs.end(), is_constant)) return false;
    Operands operands{node, {}};
    for (const std::string& name : node.inputs)
      operands.in.push_back(name.empty() ? torch::Tensor() : constants_.at(name));
    const Tensors outputs = outputs_of(operands);
    for (std::size_t i = 0; i < outputs.size(); ++i) constants_[node.outputs[i]] = outputs[i];
    return true;
  });
}

torch::Tensor GraphRunner::run(const torch::Tensor& input, const Observer& observer) const {
  const torch::NoGradGuard no_gradients;
  const auto last = last_uses(graph_);
  const std::string& result = graph_.outputs.front().name;
  std::map<std::string, torch::Tensor> values{{graph_.inputs.front().name, input}};
  const auto value = [&](const std::string& name) {
    const auto constant = constants_.find(name);
    return name.empty() ? torch::Tensor() : constant != constants_.end() ? constant->second : values.at(name);
  };
  if (observer) observer(graph_.inputs.front().name, input);
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const OnnxNode& node = graph_.nodes[i];
    Operands operands{node, {}};
    for (const std::string& name : node.inputs) operands.in.push_back(value(name));
    const Tensors outputs = outputs_of(operands);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      values[node.outputs[k]] = outputs[k];
      if (observer) observer(node.outputs[k], outputs[k]);
    }
    for (const std::string& name : node.inputs) {
      if (name != result && last.at(name) == i) values.erase(name);
    }
  }
  return values.at(result);
}

}  // namespace graft
