// One training step: forward, loss, backward, the optimiser's step, and the moving average of the weights.
// With several processes (GradientSync) each computes its part of a batch.
//
//   TrainStep train_step(network, recipe, device, samples);
//   train_step.begin_epoch(epoch);
//   while (const auto batch = stream->next()) train_step.step(*batch, {epoch, number++, batches});
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "graft/data/folder.h"
#include "graft/device/torch.h"
#include "graft/infer/inference_model.h"
#include "graft/infer/tensor_source.h"
#include "graft/models/network.h"
#include "graft/task/task.h"
#include "graft/train/distill.h"
#include "graft/train/ema.h"
#include "graft/train/objective.h"
#include "graft/train/optimizer.h"
#include "graft/train/own_parts.h"
#include "graft/train/phase_sums.h"
#include "graft/train/recipe.h"
#include "graft/train/step_runner.h"

namespace graft {

struct StepPlace {
  int epoch = 0;
  std::int64_t number = 0, batches = 1;  // of the epoch
  std::int64_t samples = 0;              // of the batch on all ranks; 0: the batch's own
};

// The network, on `device`, must outlive it; `recipe` is resolved (compute.h).
class TrainStep {
 public:
  // The task is task_spec_of(train). `sync` and `teacher`, which may be null, must outlive it.
  TrainStep(Network& network, const Recipe& recipe, const torch::Device& device, const Folder& train,
            const OwnParts& own = {}, GradientSync& sync = single_process(),
            const Distiller* teacher = nullptr);

  // Later steps compute the features of a frozen network with `backbone`.
  void hold(const InferenceModel& backbone) { held_ = backbone; }
  // Sets train mode and the trainable parameters of the epoch; resets the sums.
  void begin_epoch(int epoch);
  // Takes a step at the learning rate of the recipe's schedule. A batch without samples takes part in the
  // step of the other ranks. Throws UsageError if a custom loss or batch transform gives an invalid result.
  void step(const TensorBatch& batch, const StepPlace& place);
  // The same at a given learning rate.
  void step(const TensorBatch& batch, const StepPlace& place, double lr);
  // Releases the gradients; averages buffers over the ranks.
  void end_epoch();

  // Loss and metric of the steps since begin_epoch(), on this rank.
  PhaseMetrics metrics() const { return sums_.metrics(); }
  // The first of these steps whose loss was not finite.
  std::optional<std::int64_t> first_bad_step() const { return sums_.first_bad_step(); }
  // The same over all ranks.
  PhaseSums sums_over_ranks() const { return sums_.over_ranks(sync_); }
  // The learning rate of the recipe's schedule.
  double learning_rate(const StepPlace& place) const;
  // Whether no accumulated gradients are pending.
  bool between_steps() const { return group_ends_; }
  // Null if recipe.ema is 0.
  Ema* ema() { return ema_.get(); }
  // The state of the steps besides the network: of the whole training run, and of the epoch. A resumed run
  // writes into these tensors.
  std::vector<torch::Tensor> state() const;
  std::vector<torch::Tensor> sums() const { return sums_.state(); }

 private:
  // The result of the forward pass. Without samples: a loss of 0, no values, outputs undefined.
  struct Forward {
    torch::Tensor loss, values;  // of Task::train_values()
    torch::Tensor outputs;       // of the network, detached
  };
  Forward forward(const torch::Tensor& images, const torch::Tensor& labels);
  // The same with the teacher. The values are of the pictures with a label.
  Forward taught(const torch::Tensor& images, const torch::Tensor& labels, const torch::Tensor& logits) const;
  void backward(const Forward& forward);
  void run(const torch::Tensor& images, const torch::Tensor& labels);
  void run_or_skip(const torch::Tensor& images, const torch::Tensor& labels);
  // The input of the network: mixed, and changed by the custom transform.
  TensorBatch prepared(const TensorBatch& batch, const StepPlace& place) const;
  // `ready` after the custom transform. `batch`: as it was read.
  TensorBatch transformed(TensorBatch ready, const TensorBatch& batch) const;
  void sum_gradients();
  // Throws Error that names the layer or the custom part if the loss is not finite before the first step.
  void check_first_loss(const Forward& forward, const torch::Tensor& images);
  // Throws UsageError if the loss is not finite because of a custom part. Waits for the device.
  void check_own_values(const Forward& forward, const torch::Tensor& images) const;
  // Throws UsageError if a custom loss gave the head no gradient.
  void check_first_gradient(const Forward& forward) const;
  void finish_step();
  torch::Tensor logits_of(const torch::Tensor& images);
  torch::Tensor frozen_features(const torch::Tensor& images);
  torch::Tensor targets_of(const torch::Tensor& labels) const;
  std::vector<torch::Tensor> all_state() const;
  StepRunner::Recorder recorder();

  Network& network_;
  Recipe recipe_;
  OwnParts own_;
  GradientSync& sync_;
  torch::Device device_;
  std::optional<InferenceModel> held_;
  std::unique_ptr<const Task> task_;
  LabelKind kind_;
  torch::Tensor table_;  // Task::target_table(), on the device
  Objective objective_;
  const Distiller* teacher_;
  double labelled_share_ = 1;  // of all training pictures
  Optimizer optimizer_;
  PhaseSums sums_;
  std::unique_ptr<Ema> ema_;
  // Gradient accumulation: the number of batches of this step, and whether this batch is the last.
  std::int64_t group_size_ = 1;
  bool group_ends_ = true;
  double loss_divisor_ = 1;     // group_size_, times the samples of all ranks for each of this one
  bool group_is_bad_ = false;   // and is to be skipped
  bool is_first_step_ = false;  // of the whole training
  StepRunner runner_;
};

}  // namespace graft
