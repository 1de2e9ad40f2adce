// The exponential moving average of a network's weights, which is validated and kept if recipe.ema is set.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

// After each step every floating-point parameter and buffer of the average is decay · average + (1 − decay) ·
// network's, as in timm's ModelEmaV2; counters are copied. In the first steps decay is (1 + steps) / (10 +
// steps), as in TensorFlow's ExponentialMovingAverage, which reduces the influence of the initial weights.
// The network's tensors must not be replaced during its lifetime.
class Ema {
 public:
  // Starts with the network's current weights.
  Ema(const torch::nn::Module& network, double decay);
  void update();
  // Exchanges the average with the network's own weights; a second call undoes it.
  void swap();
  // The average (while not swapped), for reading and writing: first the count of steps, int64 on the CPU.
  std::vector<torch::Tensor> state() const;

 private:
  double decay_;
  std::vector<torch::Tensor> weights_, average_;
  torch::Tensor steps_;
};

// Puts the average into the network for the lifetime of the object; does nothing for null.
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
