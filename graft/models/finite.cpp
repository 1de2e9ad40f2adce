#include "graft/models/finite.h"

#include <cmath>
#include <map>

#include "graft/core/error.h"
#include "graft/models/layers.h"
#include "graft/models/load.h"

namespace graft {
namespace {

constexpr const char* weights_advice = "use other weights, or train again, with a smaller learning rate";

// Watches the layers of the network for its lifetime.
class Watching {
 public:
  Watching(Network& network, const WatchedLayer::Watch& watch) : network_(network) { set(watch); }
  ~Watching() { set({}); }
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

 private:
  void set(const WatchedLayer::Watch& watch) {
    for (const auto& module : network_.modules()) {
      if (auto* layer = module->as<WatchedLayer>()) layer->watch(watch);
    }
  }

  Network& network_;
};

}  // namespace

bool all_finite(const torch::Tensor& values) {
  if (!values.is_floating_point() || values.numel() == 0) return true;
  // The smallest and the largest value suffice: both are NaN if any value is.
  const auto [least, greatest] = torch::aminmax(values);
  return std::isfinite(least.item<double>()) && std::isfinite(greatest.item<double>());
}

bool has_negative_variance(const torch::Tensor& running_var, double eps) {
  return running_var.min().item<double>() + eps <= 0;
}

void check_tensors(const Network& network) {
  const torch::NoGradGuard no_gradients;
  for (const auto& [name, tensor] : named_tensors(network)) {
    if (!all_finite(tensor)) throw Error(name, "holds values that are not finite numbers", weights_advice);
  }
  for (const auto& module : network.named_modules()) {
    const auto* norm = module.value()->as<torch::nn::BatchNorm2dImpl>();
    if (norm == nullptr || !norm->running_var.defined()) continue;
    if (has_negative_variance(norm->running_var, norm->options.eps()))
      throw Error(module.key() + ".running_var",
                  "holds a negative variance, so that all outputs of the network are NaN", weights_advice);
  }
}

std::string first_layer_not_finite(Network& network, const torch::Tensor& images) {
  const torch::NoGradGuard no_gradients;
  std::map<const torch::nn::Module*, std::string> names;
  for (const auto& module : network.named_modules()) names[module.value().get()] = module.key();
  std::string first;
  const auto watch = [&](const torch::nn::Module& layer, const torch::Tensor& output) {
    if (first.empty() && !all_finite(output)) first = names[&layer];
  };
  const Watching watching(network, watch);
  const torch::Tensor features = network.features(images);
  if (first.empty() && !all_finite(features)) {
    const bool maps = network.feature_info().kind == FeatureKind::maps;
    first = maps ? "the mean of the last feature maps" : "the last tokens";
  }
  if (first.empty() && !all_finite(network.classify(features))) first = network.head_name();
  return first;
}

}  // namespace graft
