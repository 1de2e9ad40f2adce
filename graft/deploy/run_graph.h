// Computes a graph of ONNX operators with libtorch.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "graft/device/torch.h"
#include "graft/onnx/graph.h"

namespace graft {

// A graph whose constants are tensors. Immutable.
class GraphRunner {
 public:
  // Throws Error for an operator that graph_of() and the passes over its graphs do not write.
  explicit GraphRunner(const OnnxGraph& graph);

  // Called with the name of each value that depends on the input, and with the value.
  using Observer = std::function<void(const std::string&, const torch::Tensor&)>;
  // The first output for the first input, as ONNX defines the operators.
  torch::Tensor run(const torch::Tensor& input, const Observer& observer = {}) const;

 private:
  // Replaces nodes of constants alone, such as dequantised weights, by their results.
  void compute_constants();

  OnnxGraph graph_;  // without constants
  std::map<std::string, torch::Tensor> constants_;
};

}  // namespace graft
