// A network of a few hundred parameters with batch norm and dropout: for tests of training.
#pragma once

#include <string>

#include "graft/device/torch.h"
#include "graft/models/model_file.h"
#include "graft/models/network.h"

namespace graft::test {

class TinyNetwork : public Network {
 public:
  explicit TinyNetwork(std::int64_t classes, double dropout = 0);
  torch::Tensor forward_features(const torch::Tensor& images) override;
  FeatureInfo feature_info() const override { return {.dim = 8, .reduction = 2}; }

  torch::nn::Conv2d conv() const { return conv_; }
  torch::nn::BatchNorm2d norm() const { return norm_; }

 protected:
  NetworkPtr make_alike() const override;

 private:
  torch::nn::Conv2d conv_;
  torch::nn::BatchNorm2d norm_;
  double dropout_;
};

// Inputs of 16×16 pixels, so that a step takes a millisecond.
Preprocess tiny_preprocess();

// A TinyNetwork created after torch::manual_seed(seed).
Model tiny_model(const std::vector<std::string>& classes, std::uint64_t seed = 0, double dropout = 0);

// Adds it to the registry under this name, unless an earlier call did.
void register_tiny(const std::string& name);

}  // namespace graft::test
