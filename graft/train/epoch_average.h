// Weights from those of several epochs: the mean of the last ones, moved towards the start of training.
//   model soup: Wortsman et al., "Model soups: averaging weights of multiple fine-tuned models improves
//   accuracy without increasing inference time" (2022)
//   WiSE-FT: Wortsman et al., "Robust fine-tuning of zero-shot models" (2022)
#pragma once

#include <cstdint>
#include <vector>

#include "graft/device/torch.h"
#include "graft/train/ema.h"

namespace graft {

// Writes (1 − share) · start + share · mean(epochs) into `into` for floating-point tensors, computed in
// float32; other tensors (counters) are those of the newest epoch, the first of `epochs`. Each list has the
// tensors of one network, as tensors_of() gives them. The statistics of batch norm are averaged as weights
// are.
void mix_weights(const std::vector<torch::Tensor>& start,
                 const std::vector<const std::vector<torch::Tensor>*>& epochs, double share,
                 const std::vector<torch::Tensor>& into);

// The network's tensors must not be replaced during its lifetime.
class EpochAverage : public KeptWeights {
 public:
  // Starts with the network's current weights. Keeps a copy of the weights of `epochs` epochs.
  EpochAverage(const torch::nn::Module& network, int epochs, double interpolate);
  // Takes in the network's weights as the newest epoch's. Not while swapped.
  void end_epoch();
  void swap() override;
  // While not swapped, for reading and writing, of the same shapes at any time: first the count of epochs,
  // int64 on the CPU. After writing call restored().
  std::vector<torch::Tensor> state() const;
  void restored() { mix(); }

 private:
  void mix();

  double interpolate_;
  std::vector<torch::Tensor> weights_, start_, mixed_;
  std::vector<std::vector<torch::Tensor>> epochs_;  // a ring: epoch n is element n modulo their number
  torch::Tensor count_;
};

}  // namespace graft
