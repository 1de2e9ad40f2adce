// A network as a graph of ONNX operators (https://onnx.ai/onnx/operators), without torch and protobuf.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "graft/weights/state_dict.h"

namespace graft {

// The version of the operators' definitions.
inline constexpr int onnx_opset = 17;

// The numbers of types in attributes (TensorProto.DataType).
inline constexpr std::int64_t onnx_float = 1, onnx_float16 = 10;

using OnnxAttribute =
    std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>>;

struct OnnxNode {
  std::string op;                            // "Conv"
  std::vector<std::string> inputs, outputs;  // names of values; an empty input is left out
  std::map<std::string, OnnxAttribute> attributes = {};
};

struct OnnxTensor {
  DType dtype = DType::float32;
  std::vector<std::int64_t> shape;  // empty for a scalar
  std::vector<std::uint8_t> bytes;  // row-major, little-endian

  TensorView view() const { return {dtype, shape, bytes}; }
};

struct OnnxPort {
  std::string name;
  DType dtype = DType::float32;
  std::vector<std::int64_t> shape;  // -1: the number of images
};

struct OnnxGraph {
  std::vector<OnnxNode> nodes;  // each after the nodes that make its inputs
  std::map<std::string, OnnxTensor> constants;
  std::vector<OnnxPort> inputs, outputs;
};

// An attribute of the node, or `otherwise` if it has none.
template <class Value>
Value attribute_of(const OnnxNode& node, const std::string& name, const Value& otherwise) {
  const auto found = node.attributes.find(name);
  return found == node.attributes.end() ? otherwise : std::get<Value>(found->second);
}

// The values of a constant of floating-point or integer type.
std::vector<double> values_of(const OnnxTensor& tensor);
std::vector<std::int64_t> integers_of(const OnnxTensor& tensor);
// `dtype`: that of Number.
template <class Number>
OnnxTensor number_tensor(DType dtype, const std::vector<std::int64_t>& shape,
                         const std::vector<Number>& values) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(values.data());
  return {dtype, shape, {bytes, bytes + values.size() * sizeof(Number)}};
}
OnnxTensor float_tensor(const std::vector<std::int64_t>& shape, const std::vector<double>& values);
OnnxTensor integer_tensor(const std::vector<std::int64_t>& values);  // one dimension

// For each value, how many nodes and outputs use it.
std::map<std::string, std::size_t> uses_of(const OnnxGraph& graph);

// Removes constants that nothing uses.
void drop_unused_constants(OnnxGraph& graph);

}  // namespace graft
