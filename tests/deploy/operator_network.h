// A network whose backbone is a function: for tests of single operators.
#pragma once

#include <functional>
#include <memory>

#include "graft/models/network.h"

namespace graft::test {

class OperatorNetwork : public Network {
 public:
  // `function`: from N×3×H×W to maps, N×3×h×w, or tokens, N×T×3.
  using Function = std::function<torch::Tensor(const torch::Tensor&)>;
  explicit OperatorNetwork(Function function) : function_(std::move(function)) { add_head("fc", 3, 2); }
  torch::Tensor forward_features(const torch::Tensor& images) override { return function_(images); }
  FeatureInfo feature_info() const override { return {.dim = 3, .reduction = 1}; }

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<OperatorNetwork>(function_); }

 private:
  Function function_;
};

inline std::shared_ptr<OperatorNetwork> operator_network(OperatorNetwork::Function function) {
  torch::manual_seed(1);
  auto network = std::make_shared<OperatorNetwork>(std::move(function));
  network->eval();
  return network;
}

}  // namespace graft::test
