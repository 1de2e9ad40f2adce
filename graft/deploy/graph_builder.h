// Adds nodes and constants to a graph. Internal.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "graft/deploy/recording.h"
#include "graft/onnx/graph.h"

namespace graft {

OnnxTensor onnx_tensor(const torch::Tensor& tensor);

class GraphBuilder {
 public:
  // `names`: of parameters and buffers, by the address of their values.
  GraphBuilder(const Recording& recording, std::map<const void*, std::string> names);

  using Attributes = std::map<std::string, OnnxAttribute>;
  // Adds a node with one output and returns that output's name.
  std::string node(const std::string& op, const std::vector<std::string>& inputs,
                   const Attributes& attributes = {});
  std::vector<std::string> node(const std::string& op, const std::vector<std::string>& inputs,
                                std::size_t outputs, const Attributes& attributes);

  // `name`: of a constant that is no parameter; empty: numbered.
  std::string constant(const torch::Tensor& tensor, const std::string& name = "");
  std::string number(double value) { return constant(torch::tensor(value, torch::kFloat32)); }
  std::string integers(const std::vector<std::int64_t>& values);
  // int64: sizes that may depend on the number of images.
  std::string sizes(const Extents& extents);

  // The name of a recorded value; of a call's result, after set().
  std::string value(ValueId id);
  void set(ValueId id, const std::string& name) { names_[id] = name; }
  const RecordedValue& recorded(ValueId id) const { return recording_.values[id]; }

  OnnxGraph finish(ValueId logits);

 private:
  const Recording& recording_;
  std::map<const void*, std::string> parameter_names_;
  std::map<ValueId, std::string> names_;
  std::map<std::vector<std::int64_t>, std::string> integers_;
  std::string images_count_;
  std::size_t next_value_ = 0, next_constant_ = 0;
  OnnxGraph graph_;
};

}  // namespace graft
