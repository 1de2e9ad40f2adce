#include "tests/support/tiny_network.h"

#include <set>

#include "graft/models/registry.h"

namespace graft::test {

TinyNetwork::TinyNetwork(std::int64_t classes, double dropout)
    : conv_(torch::nn::Conv2dOptions(3, 8, 3).stride(2)), norm_(8), dropout_(dropout) {
  register_module("conv", conv_);
  register_module("norm", norm_);
  add_head("fc", 8, classes, dropout);
}

torch::Tensor TinyNetwork::forward_features(const torch::Tensor& images) {
  return torch::relu(norm_(conv_(images)));
}

NetworkPtr TinyNetwork::make_alike() const {
  return std::make_shared<TinyNetwork>(head()->weight.size(0), dropout_);
}

Preprocess tiny_preprocess() {
  Preprocess preprocess;
  preprocess.resize = 18;
  preprocess.crop = 16;
  return preprocess;
}

Model tiny_model(const std::vector<std::string>& classes, std::uint64_t seed, double dropout) {
  torch::manual_seed(seed);
  auto network = std::make_shared<TinyNetwork>(static_cast<std::int64_t>(classes.size()), dropout);
  return {"tiny", classes, tiny_preprocess(), {}, network};
}

void register_tiny(const std::string& name) {
  static std::set<std::string> registered;
  if (!registered.insert(name).second) return;
  register_model({.name = name,
                  .preprocess = tiny_preprocess(),
                  .build = [](const NetworkOptions& options) -> NetworkPtr {
                    return std::make_shared<TinyNetwork>(options.classes);
                  }});
}

}  // namespace graft::test
