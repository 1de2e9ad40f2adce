// A copy of a network's parameters and buffers, to go back to.
#pragma once

#include <vector>

#include "graft/device/torch.h"

namespace graft {

// Its parameters, then its buffers.
std::vector<torch::Tensor> tensors_of(const torch::nn::Module& module);

class Snapshot {
 public:
  // Copies; memory of an earlier copy is used again.
  void take(const torch::nn::Module& module);
  // The module must be the one that take() saw. Does nothing before the first take().
  void restore(torch::nn::Module& module) const;
  // Empty before the first take().
  const std::vector<torch::Tensor>& tensors() const { return tensors_; }

 private:
  std::vector<torch::Tensor> tensors_;
};

}  // namespace graft
