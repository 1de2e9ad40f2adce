#include "graft/models/network.h"

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

}  // namespace graft
