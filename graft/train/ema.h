// The exponential moving average of a network's weights: what is validated and kept where it is asked for.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

// After each step every floating-point parameter and buffer of the average is
// decay · average + (1 − decay) · network's, as timm's ModelEmaV2; counters are copied. In the first steps
// decay is (1 + steps) / (10 + steps), as TensorFlow's ExponentialMovingAverage, so that the average soon
// forgets where it began. The network's tensors must not be exchanged for others meanwhile.
class Ema {
 public:
  // Begins as the network is now.
  Ema(const torch::nn::Module& network, double decay);
  void update();
  // The average goes into the network and the network's own weights into here; a second call undoes it.
  void swap();
  // The average (while not swapped), to be read and written: first the count of steps, int64 on the CPU.
  std::vector<torch::Tensor> state() const;

 private:
  double decay_;
  std::vector<torch::Tensor> weights_, average_;
  torch::Tensor steps_;
};

// The average is in the network while it stands; nothing for null.
class EmaWeights {
 public:
  explicit EmaWeights(Ema* ema) : ema_(ema) {
    if (ema_ != nullptr) ema_->swap();
  }
  ~EmaWeights() {
    if (ema_ != nullptr) ema_->swap();
  }
  EmaWeights(const EmaWeights&) = delete;
  EmaWeights& operator=(const EmaWeights&) = delete;

 private:
  Ema* ema_;
};

}  // namespace graft
