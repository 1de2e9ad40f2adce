// The objective of training: the loss and the training metric.
#pragma once

#include "graft/device/torch.h"
#include "graft/task/task.h"
#include "graft/train/own_parts.h"

namespace graft {

// The loss of a task, or a custom loss instead.
class Objective {
 public:
  // `task` must outlive it. `own`: replaces the task's loss. Throws UsageError for options that have no
  // effect on a custom loss.
  Objective(const Task& task, const LossOptions& options, const Folder& train, const torch::Device& device,
            LossFunction own = {});

  // As Task::loss(). Throws UsageError if a custom loss does not return one number with a gradient.
  torch::Tensor loss(const torch::Tensor& outputs, const torch::Tensor& targets) const;

 private:
  const Task& task_;
  LossOptions options_;
  LossFunction own_;       // empty: the task's
  torch::Tensor weights_;  // undefined: all are 1
};

}  // namespace graft
