// The weights of the best epoch so far.
#pragma once

#include <vector>

#include "graft/device/torch.h"
#include "graft/train/snapshot.h"

namespace graft {

class BestWeights {
 public:
  // Keeps the current weights of `network`. `stays`: the network is not trained further, so no copy is
  // needed.
  void keep(const torch::nn::Module& network, bool stays) {
    if (!stays) copy_.take(network);
    in_network_ = stays;
  }
  // Restores the weights of the network, which must be the one passed to keep(). Does nothing before the
  // first keep().
  void restore(torch::nn::Module& network) const {
    if (!in_network_) copy_.restore(network);
  }
  // The copy, for reading and writing; empty if there is none.
  const std::vector<torch::Tensor>& tensors() const { return copy_.tensors(); }

 private:
  Snapshot copy_;
  bool in_network_ = false;
};

}  // namespace graft
