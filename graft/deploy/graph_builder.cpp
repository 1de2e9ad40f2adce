#include "graft/deploy/graph_builder.h"

#include "graft/core/error.h"
#include "graft/models/load.h"

namespace graft {
namespace {

constexpr const char* images_name = "images";
constexpr const char* logits_name = "logits";

void check_type(torch::ScalarType type) {
  if (type != torch::kFloat32 && type != torch::kInt64 && type != torch::kBool)
    throw Error("the network",
                std::string("computes with ") + torch::toString(type) + ", which is not exported");
}

std::vector<std::int64_t> shape_of(const Extents& extents) {
  std::vector<std::int64_t> shape;
  for (const Extent& extent : extents) shape.push_back(extent.each == 0 ? extent.fixed : -1);
  return shape;
}

}  // namespace

OnnxTensor onnx_tensor(const torch::Tensor& tensor) {
  const torch::Tensor values = tensor.detach().cpu().contiguous();
  const TensorView view = view_of(values);
  return {view.dtype, view.shape, {view.bytes.begin(), view.bytes.end()}};
}

GraphBuilder::GraphBuilder(const Recording& recording, std::map<const void*, std::string> names)
    : recording_(recording), parameter_names_(std::move(names)) {
  graph_.inputs.push_back({images_name, DType::float32, shape_of(recording.values.front().shape)});
  names_[0] = images_name;
}

std::string GraphBuilder::node(const std::string& op, const std::vector<std::string>& inputs,
                               const Attributes& attributes) {
  return node(op, inputs, 1, attributes).front();
}

std::vector<std::string> GraphBuilder::node(const std::string& op, const std::vector<std::string>& inputs,
                                            std::size_t outputs, const Attributes& attributes) {
  OnnxNode added{op, inputs, {}, attributes};
  for (std::size_t i = 0; i < outputs; ++i) added.outputs.push_back("value_" + std::to_string(next_value_++));
  graph_.nodes.push_back(added);
  return added.outputs;
}

std::string GraphBuilder::constant(const torch::Tensor& tensor, const std::string& given_name) {
  const auto named = parameter_names_.find(tensor.const_data_ptr());
  std::string name = !given_name.empty() || named == parameter_names_.end() ? given_name : named->second;
  // A view of a parameter is another constant than the parameter.
  check_type(tensor.scalar_type());
  const OnnxTensor value = onnx_tensor(tensor);
  const auto same = graph_.constants.find(name);
  if (name.empty() || (same != graph_.constants.end() &&
                       (same->second.shape != value.shape || same->second.bytes != value.bytes)))
    name = "constant_" + std::to_string(next_constant_++);
  graph_.constants.insert_or_assign(name, value);
  return name;
}

std::string GraphBuilder::integers(const std::vector<std::int64_t>& values) {
  std::string& name = integers_[values];
  if (name.empty()) name = constant(torch::tensor(values, torch::kInt64));
  return name;
}

std::string GraphBuilder::sizes(const Extents& extents) {
  std::vector<std::int64_t> fixed;
  std::vector<std::string> parts;
  const auto add_fixed = [&] {
    if (!fixed.empty()) parts.push_back(integers(fixed));
    fixed.clear();
  };
  for (const Extent& extent : extents) {
    if (extent.each == 0) {
      fixed.push_back(extent.fixed);
      continue;
    }
    add_fixed();
    if (images_count_.empty())
      images_count_ = node("Shape", {images_name}, {{"start", std::int64_t{0}}, {"end", std::int64_t{1}}});
    parts.push_back(extent.each == 1 ? images_count_ : node("Mul", {images_count_, integers({extent.each})}));
  }
  add_fixed();
  return parts.size() == 1 ? parts.front() : node("Concat", parts, {{"axis", std::int64_t{0}}});
}

std::string GraphBuilder::value(ValueId id) {
  std::string& name = names_[id];
  if (!name.empty()) return name;
  const torch::Tensor& tensor = recording_.values[id].constant;
  if (!tensor.defined()) throw Error("the network", "uses a tensor before an operator makes it");
  return name = constant(tensor);
}

OnnxGraph GraphBuilder::finish(ValueId logits) {
  const std::string name = value(logits);
  for (OnnxNode& each : graph_.nodes) {
    for (auto* names : {&each.inputs, &each.outputs}) {
      for (std::string& of : *names) {
        if (of == name) of = logits_name;
      }
    }
  }
  graph_.outputs.push_back({logits_name, DType::float32, shape_of(recording_.values[logits].shape)});
  return std::move(graph_);
}

}  // namespace graft
