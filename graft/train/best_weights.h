// The weights of the best epoch so far.
#pragma once

#include <vector>

#include "graft/device/torch.h"
#include "graft/train/snapshot.h"

namespace graft {

class BestWeights {
 public:
  // `network` has them now. `stays`: it is not trained any further, so that nothing needs to be copied.
  void keep(const torch::nn::Module& network, bool stays) {
    if (!stays) copy_.take(network);
    in_network_ = stays;
  }
  // Puts them into the network, which must be the one that keep() saw. Nothing before the first keep().
  void restore(torch::nn::Module& network) const {
    if (!in_network_) copy_.restore(network);
  }
  // The copy, to be read and written; empty where there is none.
  const std::vector<torch::Tensor>& tensors() const { return copy_.tensors(); }

 private:
  Snapshot copy_;
  bool in_network_ = false;
};

}  // namespace graft
