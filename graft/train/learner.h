// What one step of a training does, whoever asks for it: forward, loss, backward, the optimiser's step, and
// the average of the weights.
//
//   Learner learner(network, recipe, device, samples);
//   learner.begin_epoch(epoch);
//   while (const auto batch = stream->next()) learner.step(*batch, {epoch, number++, batches});
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "graft/data/folder.h"
#include "graft/evaluate/tensor_source.h"
#include "graft/models/network.h"
#include "graft/train/ema.h"
#include "graft/train/optimizer.h"
#include "graft/train/phase_sums.h"
#include "graft/train/recipe.h"
#include "graft/train/step_runner.h"

namespace graft {

struct StepPlace {
  int epoch = 0;
  std::int64_t number = 0, batches = 1;  // of the epoch
};

// The network, on `device`, must outlive it; `recipe` is resolved (compute.h).
class Learner {
 public:
  Learner(Network& network, const Recipe& recipe, const torch::Device& device,
          const std::vector<Sample>& samples);

  // Train mode, with what learns in this epoch; sums begin anew.
  void begin_epoch(int epoch);
  // At the learning rate of the recipe's schedule.
  void step(const TensorBatch& batch, const StepPlace& place);
  // The same at a given rate.
  void step(const TensorBatch& batch, const StepPlace& place, double lr);
  void drop_gradients() { optimizer_.zero_grad(); }

  // Of the steps since begin_epoch(): means over `count` samples.
  PhaseFigures figures(std::int64_t count) const { return sums_.figures(count); }
  // Whether no gradients wait for more batches to be added.
  bool between_steps() const { return group_ends_; }
  // Null where recipe.ema is 0.
  Ema* ema() { return ema_.get(); }
  // What steps change beside the network: of the whole training, and of the epoch alone. To be read, and
  // written by who goes on from an earlier state.
  std::vector<torch::Tensor> state() const;
  std::vector<torch::Tensor> sums() const { return sums_.state(); }

 private:
  void run(const torch::Tensor& images, const torch::Tensor& targets);
  torch::Tensor logits_of(const torch::Tensor& images);
  torch::Tensor frozen_features(const torch::Tensor& images);
  torch::Tensor loss_of(const torch::Tensor& logits, const torch::Tensor& targets) const;
  std::vector<torch::Tensor> all_state() const;

  Network& network_;
  Recipe recipe_;
  torch::Device device_;
  torch::Tensor class_weights_;  // undefined: all are 1
  Optimizer optimizer_;
  PhaseSums sums_;
  std::unique_ptr<Ema> ema_;
  // Of gradients that are added up: how many batches make this step, and whether it ends with this one.
  std::int64_t group_size_ = 1;
  bool group_ends_ = true;
  StepRunner runner_;
};

// scikit-learn's "balanced": samples / (classes · samples of the class), float32; 0 for a class without any.
torch::Tensor balanced_class_weights(const std::vector<Sample>& samples, std::int64_t classes);

}  // namespace graft
