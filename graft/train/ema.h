// The exponential moving average of a network's weights, which is validated and kept if recipe.ema is set.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

// Weights that are validated and kept in place of those that training steps change.
class KeptWeights {
 public:
  KeptWeights() = default;
  virtual ~KeptWeights() = default;
  KeptWeights(const KeptWeights&) = delete;
  KeptWeights& operator=(const KeptWeights&) = delete;
  // Exchanges them with the network's own weights; a second call undoes it.
  virtual void swap() = 0;
};

// Puts them into the network for the lifetime of the object; does nothing for null.
class SwappedWeights {
 public:
  explicit SwappedWeights(KeptWeights* kept) : kept_(kept) {
    if (kept_ != nullptr) kept_->swap();
  }
  ~SwappedWeights() {
    if (kept_ != nullptr) kept_->swap();
  }
  SwappedWeights(const SwappedWeights&) = delete;
  SwappedWeights& operator=(const SwappedWeights&) = delete;

 private:
  KeptWeights* kept_;
};

// After each step every floating-point parameter and buffer of the average is decay · average + (1 − decay) ·
// network's, as in timm's ModelEmaV2; counters are copied. In the first steps decay is (1 + steps) / (10 +
// steps), as in TensorFlow's ExponentialMovingAverage, which reduces the influence of the initial weights.
// The network's tensors must not be replaced during its lifetime.
class Ema : public KeptWeights {
 public:
  // Starts with the network's current weights.
  Ema(const torch::nn::Module& network, double decay);
  void update();
  void swap() override;
  // The average (while not swapped), for reading and writing: first the count of steps, int64 on the CPU.
  std::vector<torch::Tensor> state() const;

 private:
  double decay_;
  std::vector<torch::Tensor> weights_, average_;
  torch::Tensor steps_;
};

}  // namespace graft
