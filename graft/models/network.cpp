#include "graft/models/network.h"

#include "graft/models/layers.h"

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

std::set<ConvKind> conv_kinds(const Network& network) {
  std::set<ConvKind> kinds;
  for (const auto& module : network.modules()) {
    if (const auto* conv = module->as<ConvImpl>()) kinds.insert(conv->kind());
  }
  return kinds;
}

Folded::Folded(Network& network, Precision precision) : network_(network) {
  if (network_.folds_++ > 0) return;
  const torch::ScalarType dtype =
      precision == Precision::bf16 ? torch::kBFloat16 : network_.head_->weight.scalar_type();
  for (const auto& module : network_.modules()) {
    if (auto* conv = module->as<ConvImpl>()) conv->fold(dtype);
  }
}

Folded::~Folded() {
  if (--network_.folds_ > 0) return;
  for (const auto& module : network_.modules()) {
    if (auto* conv = module->as<ConvImpl>()) conv->unfold();
  }
}

}  // namespace graft
