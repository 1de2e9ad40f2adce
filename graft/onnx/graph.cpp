#include "graft/onnx/graph.h"

#include <cstring>

#include "graft/core/error.h"

namespace graft {
namespace {

template <class From, class To>
std::vector<To> converted(const OnnxTensor& tensor) {
  std::vector<To> values(tensor.bytes.size() / sizeof(From));
  for (std::size_t i = 0; i < values.size(); ++i) {
    From value;
    std::memcpy(&value, tensor.bytes.data() + i * sizeof(From), sizeof(From));
    values[i] = static_cast<To>(value);
  }
  return values;
}

template <class To>
std::vector<To> values_as(const OnnxTensor& tensor) {
  switch (tensor.dtype) {
    case DType::float32:
      return converted<float, To>(tensor);
    case DType::float64:
      return converted<double, To>(tensor);
    case DType::int64:
      return converted<std::int64_t, To>(tensor);
    case DType::int32:
      return converted<std::int32_t, To>(tensor);
    default:
      throw Error("a constant of the graph", std::string("is ") + to_string(tensor.dtype));
  }
}

}  // namespace

std::vector<double> values_of(const OnnxTensor& tensor) { return values_as<double>(tensor); }
std::vector<std::int64_t> integers_of(const OnnxTensor& tensor) { return values_as<std::int64_t>(tensor); }

OnnxTensor float_tensor(const std::vector<std::int64_t>& shape, const std::vector<double>& values) {
  return number_tensor(DType::float32, shape, std::vector<float>(values.begin(), values.end()));
}

OnnxTensor integer_tensor(const std::vector<std::int64_t>& values) {
  return number_tensor(DType::int64, {static_cast<std::int64_t>(values.size())}, values);
}

std::map<std::string, std::size_t> uses_of(const OnnxGraph& graph) {
  std::map<std::string, std::size_t> uses;
  for (const OnnxNode& node : graph.nodes) {
    for (const std::string& input : node.inputs) ++uses[input];
  }
  for (const OnnxPort& output : graph.outputs) ++uses[output.name];
  return uses;
}

void drop_unused_constants(OnnxGraph& graph) {
  const auto uses = uses_of(graph);
  std::erase_if(graph.constants, [&](const auto& constant) { return !uses.contains(constant.first); });
}

}  // namespace graft
