#include "graft/models/network.h"

#include <algorithm>
#include <vector>

#include "graft/core/error.h"
#include "graft/device/random_state.h"
#include "graft/models/layers.h"
#include "graft/models/state.h"

namespace graft {

void Network::add_head(const std::string& name, std::int64_t features, std::int64_t classes) {
  head_name_ = name;
  head_ = register_module(name, torch::nn::Linear(features, classes));
}

void Network::replace_head(std::int64_t classes) {
  const torch::Tensor old = head_->weight;
  torch::nn::Linear fresh(old.size(1), classes);
  fresh->to(old.device(), old.scalar_type());
  head_ = replace_module(head_name_, fresh);
}

NetworkPtr Network::copy_to(const torch::Device& device) const {
  const torch::NoGradGuard no_gradients;
  // A new head draws its first values; what draws after this copy must not see that.
  const auto drawn = random_state(torch::kCPU);
  const NetworkPtr copy = make_alike();
  set_random_state(torch::kCPU, drawn);
  const auto from = named_tensors(*this), to = named_tensors(*copy);
  const auto same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
  if (!std::equal(from.begin(), from.end(), to.begin(), to.end(), same_name))
    throw Error(name(), "is copied to a network with other tensors",
                "make_alike() must build the same layers");
  for (std::size_t i = 0; i < from.size(); ++i) {
    const torch::Tensor& value = from[i].second;
    torch::Tensor target = to[i].second;
    target.set_data(value.detach().to(device, value.scalar_type(), /*non_blocking=*/false, /*copy=*/true));
    target.requires_grad_(false);
  }
  copy->eval();
  return copy;
}

std::set<ConvKind> conv_kinds(const Network& network) {
  std::set<ConvKind> kinds;
  for (const auto& module : network.modules()) {
    if (const auto* conv = module->as<ConvImpl>()) kinds.insert(conv->kind());
  }
  return kinds;
}

void fold_batch_norm(Network& network, Precision precision, const torch::Tensor& trial) {
  const torch::NoGradGuard no_gradients;
  const torch::ScalarType dtype =
      precision == Precision::bf16 ? torch::kBFloat16 : network.head()->weight.scalar_type();
  std::vector<ConvImpl*> convolutions;
  for (const auto& module : network.modules()) {
    if (auto* conv = module->as<ConvImpl>()) convolutions.push_back(conv);
  }
  for (ConvImpl* conv : convolutions) conv->fold(dtype);
  // Other devices leave nothing to choose.
  if (trial.device().is_cpu() && !convolutions.empty()) network.feature_maps(trial);
  for (ConvImpl* conv : convolutions) conv->end_trial();
}

}  // namespace graft
