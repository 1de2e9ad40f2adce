#include "graft/train/snapshot.h"

namespace graft {

std::vector<torch::Tensor> tensors_of(const torch::nn::Module& module) {
  std::vector<torch::Tensor> tensors = module.parameters();
  for (const torch::Tensor& buffer : module.buffers()) tensors.push_back(buffer);
  return tensors;
}

void Snapshot::take(const torch::nn::Module& module) {
  const torch::NoGradGuard no_gradients;
  const auto current = tensors_of(module);
  if (tensors_.empty()) {
    for (const torch::Tensor& tensor : current) tensors_.push_back(tensor.detach().clone());
    return;
  }
  for (std::size_t i = 0; i < current.size(); ++i) tensors_[i].copy_(current[i]);
}

void Snapshot::restore(torch::nn::Module& module) const {
  const torch::NoGradGuard no_gradients;
  const auto current = tensors_of(module);
  for (std::size_t i = 0; i < tensors_.size(); ++i) current[i].copy_(tensors_[i]);
}

}  // namespace graft
