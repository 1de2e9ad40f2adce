// A copy of a network's parameters and buffers that can be restored.
#pragma once

#include <vector>

#include "graft/device/torch.h"

namespace graft {

// The module's parameters, then its buffers.
std::vector<torch::Tensor> tensors_of(const torch::nn::Module& module);

class Snapshot {
 public:
  // Copies the tensors; reuses the memory of an earlier copy.
  void take(const torch::nn::Module& module);
  // The module must be the one passed to take(). Does nothing before the first take().
  void restore(torch::nn::Module& module) const;
  // Empty before the first take().
  const std::vector<torch::Tensor>& tensors() const { return tensors_; }

 private:
  std::vector<torch::Tensor> tensors_;
};

}  // namespace graft
