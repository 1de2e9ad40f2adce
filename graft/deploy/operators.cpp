#include "graft/deploy/operators.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "graft/core/error.h"

namespace graft {
namespace {

using Integers = std::vector<std::int64_t>;
using Names = std::vector<std::string>;

// A call with its arguments by type.
class Operator {
 public:
  Operator(GraphBuilder& builder, const Call& call) : graph(builder), call_(call) {}

  GraphBuilder& graph;

  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(
        "the network",
        "calls the operator " + call_.op + (what.empty() ? "" : " " + what) + ", which has no ONNX form here",
        "export safetensors or pth");
  }

  bool has(std::size_t i) const {
    return i < call_.arguments.size() && !std::holds_alternative<std::monostate>(call_.arguments[i]);
  }
  std::string input(std::size_t i) const { return graph.value(id(i)); }
  // Of a matrix.
  std::string transposed_input(std::size_t i) const {
    const torch::Tensor& constant = graph.recorded(id(i)).constant;
    if (constant.defined()) return graph.constant(constant.t(), input(i) + ".transposed");
    return graph.node("Transpose", {input(i)}, {{"perm", Integers{1, 0}}});
  }
  Names inputs(std::size_t i) const {
    Names names;
    for (const ValueId each : get<std::vector<ValueId>>(i)) names.push_back(graph.value(each));
    return names;
  }
  // Arguments that do not depend on the number of images.
  Integers integers(std::size_t i) const {
    Integers values;
    for (const Extent& extent : get<Extents>(i)) {
      if (extent.each != 0) refuse("with an argument that depends on the number of images");
      values.push_back(extent.fixed);
    }
    return values;
  }
  std::int64_t integer(std::size_t i, std::int64_t otherwise = 0) const {
    return has(i) ? integers(i).front() : otherwise;
  }
  // One for each of `count` dimensions.
  Integers spread(std::size_t i, std::size_t count) const {
    Integers values = integers(i);
    if (values.size() == 1) values.assign(count, values.front());
    return values;
  }
  double number(std::size_t i) const {
    if (const auto* value = std::get_if<double>(&call_.arguments.at(i))) return *value;
    return static_cast<double>(integer(i));
  }
  std::string text(std::size_t i) const { return has(i) ? get<std::string>(i) : ""; }
  const Extents& shape(std::size_t i) const { return graph.recorded(id(i)).shape; }
  std::int64_t rank(std::size_t i) const { return static_cast<std::int64_t>(shape(i).size()); }
  // A dimension of the first input, or of the result, which may be negative.
  std::int64_t dimension(std::int64_t dim) const { return dim < 0 ? dim + rank(0) : dim; }
  std::int64_t result_dimension(std::int64_t dim) const {
    return dim < 0 ? dim + static_cast<std::int64_t>(result_shape().size()) : dim;
  }
  // A dimension's size, which does not depend on the number of images.
  std::int64_t size_of(const Extents& shape, std::int64_t dim) const {
    const Extent extent = shape[static_cast<std::size_t>(dim)];
    if (extent.each != 0) refuse("along the images");
    return extent.fixed;
  }
  Integers dimensions(std::size_t i) const {
    Integers dims = integers(i);
    for (std::int64_t& dim : dims) dim = dimension(dim);
    return dims;
  }
  torch::ScalarType dtype(std::size_t i) const { return graph.recorded(id(i)).dtype; }

  const Extents& result_shape(std::size_t i = 0) const { return graph.recorded(call_.results.at(i)).shape; }
  torch::ScalarType result_dtype() const { return graph.recorded(call_.results.front()).dtype; }
  std::size_t results() const { return call_.results.size(); }
  void set(const std::string& name, std::size_t i = 0) const { graph.set(call_.results.at(i), name); }
  void set(const std::string& op, const Names& from, const GraphBuilder::Attributes& attributes = {}) const {
    set(graph.node(op, from, attributes));
  }

 private:
  template <class Type>
  const Type& get(std::size_t i) const {
    const auto* value = i < call_.arguments.size() ? std::get_if<Type>(&call_.arguments[i]) : nullptr;
    if (!value) refuse("with an unexpected argument " + std::to_string(i + 1));
    return *value;
  }
  ValueId id(std::size_t i) const { return get<ValueId>(i); }

  const Call& call_;
};

// Shapes.

std::string reshaped(const Operator& op, const std::string& value, const Extents& shape) {
  Integers sizes;
  for (const Extent& extent : shape) sizes.push_back(extent.each == 0 ? extent.fixed : -1);
  const bool is_one = std::count(sizes.begin(), sizes.end(), -1) <= 1;
  return op.graph.node("Reshape", {value, is_one ? op.graph.integers(sizes) : op.graph.sizes(shape)});
}

void reshape(const Operator& op) { op.set(reshaped(op, op.input(0), op.result_shape())); }

void same(const Operator& op) { op.set(op.input(0)); }

void permute(const Operator& op) { op.set("Transpose", {op.input(0)}, {{"perm", op.dimensions(1)}}); }

Integers swapped(std::int64_t rank, std::int64_t a, std::int64_t b) {
  Integers order(static_cast<std::size_t>(rank));
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[static_cast<std::size_t>(a)], order[static_cast<std::size_t>(b)]);
  return order;
}

void transpose(const Operator& op) {
  const std::int64_t a = op.dimension(op.integer(1)), b = op.dimension(op.integer(2));
  op.set("Transpose", {op.input(0)}, {{"perm", swapped(op.rank(0), a, b)}});
}

void transpose_matrix(const Operator& op) { op.set("Transpose", {op.input(0)}, {{"perm", Integers{1, 0}}}); }

std::string sliced(const Operator& op, const std::string& value, std::int64_t dim, std::int64_t start,
                   std::int64_t end, std::int64_t step = 1) {
  GraphBuilder& graph = op.graph;
  return graph.node("Slice", {value, graph.integers({start}), graph.integers({end}), graph.integers({dim}),
                              graph.integers({step})});
}

void slice(const Operator& op) {
  const std::int64_t end = op.has(3) ? op.integer(3) : std::numeric_limits<std::int64_t>::max();
  op.set(sliced(op, op.input(0), op.dimension(op.integer(1)), op.integer(2), end, op.integer(4, 1)));
}

void narrow(const Operator& op) {
  const std::int64_t start = op.integer(2);
  op.set(sliced(op, op.input(0), op.dimension(op.integer(1)), start, start + op.integer(3)));
}

void select(const Operator& op) {
  const std::string index = op.graph.constant(torch::tensor(op.integer(2), torch::kInt64));
  op.set("Gather", {op.input(0), index}, {{"axis", op.dimension(op.integer(1))}});
}

void chunk(const Operator& op) {
  const std::int64_t dim = op.dimension(op.integer(2));
  Integers sizes;
  for (std::size_t i = 0; i < op.results(); ++i) sizes.push_back(op.size_of(op.result_shape(i), dim));
  const Names parts =
      op.graph.node("Split", {op.input(0), op.graph.integers(sizes)}, op.results(), {{"axis", dim}});
  for (std::size_t i = 0; i < parts.size(); ++i) op.set(parts[i], i);
}

void cat(const Operator& op) {
  op.set("Concat", op.inputs(0), {{"axis", op.result_dimension(op.integer(1))}});
}

void stack(const Operator& op) {
  const std::int64_t dim = op.result_dimension(op.integer(1));
  Extents part = op.result_shape();
  part[static_cast<std::size_t>(dim)] = {1, 0};
  Names parts;
  for (const std::string& value : op.inputs(0)) parts.push_back(reshaped(op, value, part));
  op.set("Concat", parts, {{"axis", dim}});
}

void expand(const Operator& op) { op.set("Expand", {op.input(0), op.graph.sizes(op.result_shape())}); }

void repeat(const Operator& op) {
  const Extents& to = op.result_shape();
  Extents from = op.shape(0);
  from.insert(from.begin(), to.size() - from.size(), Extent{1, 0});
  Extents times;
  for (std::size_t i = 0; i < to.size(); ++i) {
    const std::int64_t size = from[i].fixed;
    if (from[i].each != 0 && from[i] != to[i]) op.refuse("along the images");
    if (from[i] == to[i]) {
      times.push_back({1, 0});
    } else {
      times.push_back({to[i].fixed / size, to[i].each / size});
    }
  }
  op.set("Tile", {reshaped(op, op.input(0), from), op.graph.sizes(times)});
}

void roll(const Operator& op) {
  const Integers shifts = op.integers(1), dims = op.dimensions(2);
  std::string value = op.input(0);
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const std::int64_t size = op.size_of(op.shape(0), dims[i]), first = ((-shifts[i] % size) + size) % size;
    value = op.graph.node("Concat",
                          {sliced(op, value, dims[i], first, size), sliced(op, value, dims[i], 0, first)},
                          {{"axis", dims[i]}});
  }
  op.set(value);
}

void flip(const Operator& op) {
  std::string value = op.input(0);
  for (const std::int64_t dim : op.dimensions(1))
    value = sliced(op, value, dim, -1, std::numeric_limits<std::int64_t>::min() + 1, -1);
  op.set(value);
}

void pad(const Operator& op) {
  const Integers sizes = op.integers(1);  // of the last dimension first: before, after
  const auto rank = static_cast<std::size_t>(op.rank(0));
  Integers pads(2 * rank, 0);
  for (std::size_t i = 0; i < sizes.size() / 2; ++i) {
    pads[rank - 1 - i] = sizes[2 * i];
    pads[2 * rank - 1 - i] = sizes[2 * i + 1];
  }
  op.set("Pad", {op.input(0), op.graph.integers(pads), op.graph.number(op.has(2) ? op.number(2) : 0)},
         {{"mode", std::string("constant")}});
}

void to_dtype(const Operator& op) {
  if (op.dtype(0) != op.result_dtype()) op.refuse("that changes the type of the values");
  same(op);
}

// Layers.

void convolution(const Operator& op) {
  const std::size_t spatial = op.shape(1).size() - 2;
  Integers kernel, pads = op.spread(4, spatial);
  for (std::size_t i = 2; i < op.shape(1).size(); ++i) kernel.push_back(op.shape(1)[i].fixed);
  pads.insert(pads.end(), pads.begin(), pads.begin() + static_cast<std::ptrdiff_t>(spatial));
  Names inputs = {op.input(0), op.input(1)};
  if (op.has(2)) inputs.push_back(op.input(2));
  op.set("Conv", inputs,
         {{"kernel_shape", kernel},
          {"strides", op.spread(3, spatial)},
          {"pads", pads},
          {"dilations", op.spread(5, spatial)},
          {"group", op.integer(6, 1)}});
}

void batch_norm(const Operator& op) {
  if (op.integer(5) != 0) op.refuse("in train mode");
  const std::int64_t channels = op.shape(3).front().fixed;
  const std::string scale = op.has(1) ? op.input(1) : op.graph.constant(torch::ones({channels}));
  const std::string shift = op.has(2) ? op.input(2) : op.graph.constant(torch::zeros({channels}));
  op.set("BatchNormalization", {op.input(0), scale, shift, op.input(3), op.input(4)},
         {{"epsilon", op.number(7)}});
}

void layer_norm(const Operator& op) {
  const Integers shape = op.integers(1);
  Names inputs = {op.input(0), op.has(2) ? op.input(2) : op.graph.constant(torch::ones(shape))};
  if (op.has(3)) inputs.push_back(op.input(3));
  op.set("LayerNormalization", inputs,
         {{"axis", op.rank(0) - static_cast<std::int64_t>(shape.size())}, {"epsilon", op.number(4)}});
}

// x · weightᵀ + bias
void linear(const Operator& op) {
  if (op.rank(0) == 2) {
    Names inputs = {op.input(0), op.input(1)};
    if (op.has(2)) inputs.push_back(op.input(2));
    return op.set("Gemm", inputs, {{"transB", std::int64_t{1}}});
  }
  const std::string product = op.graph.node("MatMul", {op.input(0), op.transposed_input(1)});
  op.set(op.has(2) ? op.graph.node("Add", {product, op.input(2)}) : product);
}

void fused_linear(const Operator& op) {
  if (op.text(3) != "none") op.refuse("with the activation " + op.text(3));
  linear(op);
}

void add_product(const Operator& op) {  // addmm
  op.set("Gemm", {op.input(1), op.input(2), op.input(0)}, {{"beta", op.number(3)}, {"alpha", op.number(4)}});
}

void attention(const Operator& op) {
  if (op.integer(5) != 0) op.refuse("with a causal mask");
  if (op.integer(7) != 0) op.refuse("with groups of queries");
  GraphBuilder& graph = op.graph;
  const std::int64_t rank = op.rank(1);
  const double width = static_cast<double>(op.shape(0).back().fixed);
  const double scale = op.has(6) ? op.number(6) : 1 / std::sqrt(width);
  const std::string keys =
      graph.node("Transpose", {op.input(1)}, {{"perm", swapped(rank, rank - 2, rank - 1)}});
  const std::string queries = graph.node("Mul", {op.input(0), graph.number(scale)});
  std::string scores = graph.node("MatMul", {queries, keys});
  if (op.has(3)) {
    if (op.dtype(3) == torch::kBool) op.refuse("with a mask of booleans");
    scores = graph.node("Add", {scores, op.input(3)});
  }
  op.set("MatMul", {graph.node("Softmax", {scores}, {{"axis", std::int64_t{-1}}}), op.input(2)});
}

// Pooling.

GraphBuilder::Attributes pooling(const Operator& op, std::size_t ceil_mode) {
  const Integers kernel = op.spread(1, 2);
  const bool has_strides = op.has(2) && !op.integers(2).empty();
  Integers pads = op.spread(3, 2);
  pads.insert(pads.end(), pads.begin(), pads.begin() + 2);
  return {{"kernel_shape", kernel},
          {"strides", has_strides ? op.spread(2, 2) : kernel},
          {"pads", pads},
          {"ceil_mode", op.integer(ceil_mode)}};
}

void max_pool(const Operator& op) {
  auto attributes = pooling(op, 5);
  attributes["dilations"] = op.spread(4, 2);
  op.set("MaxPool", {op.input(0)}, attributes);
}

void average_pool(const Operator& op) {
  if (op.has(6)) op.refuse("with a divisor");
  auto attributes = pooling(op, 4);
  attributes["count_include_pad"] = op.integer(5, 1);
  op.set("AveragePool", {op.input(0)}, attributes);
}

// The mean over ⌊i · size / count⌋ … ⌈(i + 1) · size / count⌉ for each i < count: count×size.
torch::Tensor adaptive_weights(std::int64_t size, std::int64_t count) {
  torch::Tensor weights = torch::zeros({count, size});
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t start = i * size / count, end = ((i + 1) * size + count - 1) / count;
    weights[i].slice(0, start, end).fill_(1.0 / static_cast<double>(end - start));
  }
  return weights;
}

void adaptive_average_pool(const Operator& op) {
  const Integers counts = op.spread(1, 2);
  const std::int64_t height = op.shape(0)[2].fixed, width = op.shape(0)[3].fixed;
  if (counts == Integers{1, 1}) return op.set("GlobalAveragePool", {op.input(0)});
  if (counts == Integers{height, width}) return same(op);
  if (height % counts[0] == 0 && width % counts[1] == 0) {
    const Integers kernel = {height / counts[0], width / counts[1]};
    return op.set("AveragePool", {op.input(0)}, {{"kernel_shape", kernel}, {"strides", kernel}});
  }
  GraphBuilder& graph = op.graph;
  const std::string rows = graph.constant(adaptive_weights(height, counts[0]));
  const std::string columns = graph.constant(adaptive_weights(width, counts[1]).t());
  op.set("MatMul", {rows, graph.node("MatMul", {op.input(0), columns})});
}

std::string mean_of(const Operator& op, const std::string& value, const Integers& dims, bool keep) {
  return op.graph.node("ReduceMean", {value}, {{"axes", dims}, {"keepdims", std::int64_t{keep}}});
}

Integers all_or(const Operator& op, std::size_t i) {
  if (op.has(i) && !op.integers(i).empty()) return op.dimensions(i);
  Integers all(static_cast<std::size_t>(op.rank(0)));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

void mean(const Operator& op) {
  if (op.rank(0) != 4 || all_or(op, 1) != Integers{2, 3})
    return op.set(mean_of(op, op.input(0), all_or(op, 1), op.integer(2) != 0));
  const std::string pooled = op.graph.node("GlobalAveragePool", {op.input(0)});
  op.set(op.integer(2) != 0 ? pooled : reshaped(op, pooled, op.result_shape()));
}

void variance(const Operator& op) {  // var.dim: unbiased or not
  const Integers dims = op.dimensions(1);
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) count *= op.size_of(op.shape(0), dim);
  GraphBuilder& graph = op.graph;
  const std::string distance = graph.node("Sub", {op.input(0), mean_of(op, op.input(0), dims, true)});
  const std::string squares = mean_of(op, graph.node("Mul", {distance, distance}), dims, op.integer(3) != 0);
  const double n = static_cast<double>(count);
  op.set(op.integer(2) != 0 ? graph.node("Mul", {squares, graph.number(n / (n - 1))}) : squares);
}

void norm(const Operator& op) {
  if (op.number(1) != 2) op.refuse("of an order other than 2");
  op.set("ReduceL2", {op.input(0)}, {{"axes", op.dimensions(2)}, {"keepdims", op.integer(3)}});
}

// Activations.

void hard_sigmoid(const Operator& op) {
  op.set("HardSigmoid", {op.input(0)}, {{"alpha", 1.0 / 6}, {"beta", 0.5}});
}

void relu6(const Operator& op) { op.set("Clip", {op.input(0), op.graph.number(0), op.graph.number(6)}); }

void silu(const Operator& op) { op.set("Mul", {op.input(0), op.graph.node("Sigmoid", {op.input(0)})}); }

void gelu(const Operator& op) {
  GraphBuilder& graph = op.graph;
  const std::string x = op.input(0), half = graph.node("Mul", {x, graph.number(0.5)});
  std::string part;
  if (op.text(1) == "tanh") {
    const std::string square = graph.node("Mul", {x, x});
    const std::string inner =
        graph.node("Add", {graph.node("Mul", {square, graph.number(0.044715)}), graph.number(1)});
    const std::string scaled = graph.node("Mul", {x, graph.number(std::sqrt(2 / M_PI))});
    part = graph.node("Tanh", {graph.node("Mul", {scaled, inner})});
  } else {
    part = graph.node("Erf", {graph.node("Mul", {x, graph.number(std::sqrt(0.5))})});
  }
  op.set("Mul", {half, graph.node("Add", {part, graph.number(1)})});
}

void leaky_relu(const Operator& op) {
  op.set("LeakyRelu", {op.input(0)}, {{"alpha", op.has(1) ? op.number(1) : 0.01}});
}

void softmax(const Operator& op) {
  op.set("Softmax", {op.input(0)}, {{"axis", op.dimension(op.integer(1))}});
}

// Arithmetic.

std::string scaled(const Operator& op, const std::string& value, double factor) {
  return factor == 1 ? value : op.graph.node("Mul", {value, op.graph.number(factor)});
}

void add_multiple(const Operator& op) {  // addcmul
  const std::string product = op.graph.node("Mul", {op.input(1), op.input(2)});
  op.set("Add", {op.input(0), scaled(op, product, op.has(3) ? op.number(3) : 1)});
}
void reciprocal_root(const Operator& op) { op.set("Reciprocal", {op.graph.node("Sqrt", {op.input(0)})}); }
void clamp(const Operator& op) {
  Names inputs = {op.input(0), op.has(1) ? op.graph.number(op.number(1)) : ""};
  if (op.has(2)) inputs.push_back(op.graph.number(op.number(2)));
  op.set("Clip", inputs);
}

using AddForm = std::function<void(const Operator&)>;

// An operator of one tensor, of two, or of a tensor and a number.
AddForm one_input(const char* name) {
  return [name](const Operator& op) { op.set(name, {op.input(0)}); };
}
AddForm two_inputs(const char* name) {
  return [name](const Operator& op) { op.set(name, {op.input(0), op.input(1)}); };
}
AddForm with_number(const char* name) {
  return [name](const Operator& op) { op.set(name, {op.input(0), op.graph.number(op.number(1))}); };
}
// A sum or difference, whose second part has a factor.
AddForm sum(const char* name) {
  return [name](const Operator& op) {
    op.set(name, {op.input(0), scaled(op, op.input(1), op.has(2) ? op.number(2) : 1)});
  };
}
AddForm sum_with_number(const char* name) {
  return [name](const Operator& op) {
    op.set(name, {op.input(0), op.graph.number(op.number(1) * (op.has(2) ? op.number(2) : 1))});
  };
}

// By the names of libtorch's schemas, without the "_" of those that write into their first argument.
const std::map<std::string, AddForm>& table() {
  static const std::map<std::string, AddForm> operators = {
      {"abs", one_input("Abs")},
      {"adaptive_avg_pool2d", adaptive_average_pool},
      {"add.Scalar", sum_with_number("Add")},
      {"add.Tensor", sum("Add")},
      {"addcmul", add_multiple},
      {"addmm", add_product},
      {"alias", same},
      {"avg_pool2d", average_pool},
      {"batch_norm", batch_norm},
      {"bmm", two_inputs("MatMul")},
      {"cat", cat},
      {"chunk", chunk},
      {"clamp", clamp},
      {"clamp_max", with_number("Min")},
      {"clamp_min", with_number("Max")},
      {"clone", same},
      {"constant_pad_nd", pad},
      {"contiguous", same},
      {"conv1d", convolution},
      {"conv2d", convolution},
      {"detach", same},
      {"div.Scalar", with_number("Div")},
      {"div.Tensor", two_inputs("Div")},
      {"dropout", same},
      {"elu", one_input("Elu")},
      {"exp", one_input("Exp")},
      {"expand", expand},
      {"expand_as", expand},
      {"flatten.using_ints", reshape},
      {"flip", flip},
      {"gelu", gelu},
      {"hardsigmoid", hard_sigmoid},
      {"hardswish", one_input("HardSwish")},
      {"layer_norm", layer_norm},
      {"leaky_relu", leaky_relu},
      {"linear", linear},
      {"log", one_input("Log")},
      {"matmul", two_inputs("MatMul")},
      {"max_pool2d", max_pool},
      {"mean", mean},
      {"mean.dim", mean},
      {"mkldnn::_linear_pointwise", fused_linear},
      {"mul.Scalar", with_number("Mul")},
      {"mul.Tensor", two_inputs("Mul")},
      {"narrow", narrow},
      {"neg", one_input("Neg")},
      {"norm.ScalarOpt_dim", norm},
      {"permute", permute},
      {"pow.Tensor_Scalar", with_number("Pow")},
      {"reciprocal", one_input("Reciprocal")},
      {"relu", one_input("Relu")},
      {"relu6", relu6},
      {"repeat", repeat},
      {"reshape", reshape},
      {"roll", roll},
      {"rsqrt", reciprocal_root},
      {"scaled_dot_product_attention", attention},
      {"select.int", select},
      {"sigmoid", one_input("Sigmoid")},
      {"silu", silu},
      {"slice.Tensor", slice},
      {"softmax.int", softmax},
      {"sqrt", one_input("Sqrt")},
      {"squeeze", reshape},
      {"squeeze.dim", reshape},
      {"stack", stack},
      {"sub.Scalar", sum_with_number("Sub")},
      {"sub.Tensor", sum("Sub")},
      {"t", transpose_matrix},
      {"tanh", one_input("Tanh")},
      {"to.dtype", to_dtype},
      {"to.dtype_layout", to_dtype},
      {"transpose.int", transpose},
      {"unflatten.int", reshape},
      {"unsqueeze", reshape},
      {"var.dim", variance},
      {"view", reshape},
      {"view_as", reshape},
  };
  return operators;
}

std::string without_underscore(const std::string& name) {
  const std::size_t end = name.find('.'), length = end == std::string::npos ? name.size() : end;
  return length > 0 && name[length - 1] == '_' ? name.substr(0, length - 1) + name.substr(length) : name;
}

}  // namespace

void add_operator(GraphBuilder& builder, const Call& call) {
  const Operator op(builder, call);
  const auto found = table().find(without_underscore(call.op));
  if (found == table().end()) op.refuse("");
  found->second(op);
}

}  // namespace graft
