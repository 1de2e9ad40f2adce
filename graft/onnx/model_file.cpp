#include "graft/onnx/model_file.h"

#include <onnx/checker.h>
#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include <type_traits>

#include "graft/core/error.h"
#include "graft/core/version.h"

namespace graft {
namespace {

constexpr int ir_version = 8;

onnx::TensorProto::DataType onnx_type(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return onnx::TensorProto::FLOAT;
    case DType::float64:
      return onnx::TensorProto::DOUBLE;
    case DType::float16:
      return onnx::TensorProto::FLOAT16;
    case DType::bfloat16:
      return onnx::TensorProto::BFLOAT16;
    case DType::int64:
      return onnx::TensorProto::INT64;
    case DType::int32:
      return onnx::TensorProto::INT32;
    case DType::int16:
      return onnx::TensorProto::INT16;
    case DType::int8:
      return onnx::TensorProto::INT8;
    case DType::uint8:
      return onnx::TensorProto::UINT8;
    case DType::boolean:
      return onnx::TensorProto::BOOL;
  }
  return onnx::TensorProto::UNDEFINED;
}

void set_attribute(const std::string& name, const OnnxAttribute& value, onnx::AttributeProto& attribute) {
  attribute.set_name(name);
  std::visit(
      [&](const auto& of_type) {
        using Type = std::decay_t<decltype(of_type)>;
        if constexpr (std::is_same_v<Type, std::int64_t>) {
          attribute.set_type(onnx::AttributeProto::INT);
          attribute.set_i(of_type);
        } else if constexpr (std::is_same_v<Type, double>) {
          attribute.set_type(onnx::AttributeProto::FLOAT);
          attribute.set_f(static_cast<float>(of_type));
        } else if constexpr (std::is_same_v<Type, std::string>) {
          attribute.set_type(onnx::AttributeProto::STRING);
          attribute.set_s(of_type);
        } else if constexpr (std::is_same_v<Type, std::vector<std::int64_t>>) {
          attribute.set_type(onnx::AttributeProto::INTS);
          for (const std::int64_t each : of_type) attribute.add_ints(each);
        } else {
          attribute.set_type(onnx::AttributeProto::FLOATS);
          for (const double each : of_type) attribute.add_floats(static_cast<float>(each));
        }
      },
      value);
}

void set_port(const OnnxPort& port, onnx::ValueInfoProto& info) {
  info.set_name(port.name);
  auto& type = *info.mutable_type()->mutable_tensor_type();
  type.set_elem_type(onnx_type(port.dtype));
  for (const std::int64_t size : port.shape) {
    auto& dimension = *type.mutable_shape()->add_dim();
    if (size < 0) {
      dimension.set_dim_param("batch");
    } else {
      dimension.set_dim_value(size);
    }
  }
}

void set_graph(const OnnxGraph& graph, onnx::GraphProto& to) {
  std::map<std::string, int> counts;  // of each operator, for the names of its nodes
  for (const OnnxNode& node : graph.nodes) {
    auto& added = *to.add_node();
    added.set_op_type(node.op);
    added.set_name(node.op + "_" + std::to_string(counts[node.op]++));
    for (const std::string& input : node.inputs) added.add_input(input);
    for (const std::string& output : node.outputs) added.add_output(output);
    for (const auto& [name, value] : node.attributes) set_attribute(name, value, *added.add_attribute());
  }
  for (const auto& [name, tensor] : graph.constants) {
    auto& constant = *to.add_initializer();
    constant.set_name(name);
    constant.set_data_type(onnx_type(tensor.dtype));
    for (const std::int64_t size : tensor.shape) constant.add_dims(size);
    constant.set_raw_data(tensor.bytes.data(), tensor.bytes.size());
  }
  for (const OnnxPort& port : graph.inputs) set_port(port, *to.add_input());
  for (const OnnxPort& port : graph.outputs) set_port(port, *to.add_output());
}

}  // namespace

bool can_write_onnx() { return true; }

std::string onnx_file(const OnnxGraph& graph, const OnnxDescription& description) {
  std::size_t bytes = 0;
  for (const auto& [name, constant] : graph.constants) bytes += constant.bytes.size();
  if (bytes > std::size_t{2'000'000'000})
    throw Error(
        "the ONNX model",
        "has " + std::to_string(bytes >> 20U) + " MiB of weights, and an ONNX file holds at most 2 GiB",
        "halve it with `half`");
  onnx::ModelProto model;
  model.set_ir_version(ir_version);
  model.set_producer_name("graft");
  model.set_producer_version(version());
  model.set_doc_string(description.description);
  auto& opset = *model.add_opset_import();
  opset.set_domain("");
  opset.set_version(onnx_opset);
  for (const auto& [key, value] : description.metadata) {
    auto& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  }
  model.mutable_graph()->set_name(description.name);
  set_graph(graph, *model.mutable_graph());
  try {
    onnx::checker::check_model(model);
    onnx::ModelProto inferred = model;
    const onnx::ShapeInferenceOptions strict(/*check_type=*/true, /*strict_mode=*/1, /*data_prop=*/true);
    onnx::shape_inference::InferShapes(inferred, onnx::OpSchemaRegistry::Instance(), strict);
  } catch (const std::exception& error) {
    throw Error("the ONNX model", std::string("does not pass ONNX's checks: ") + error.what());
  }
  return model.SerializeAsString();
}

}  // namespace graft
