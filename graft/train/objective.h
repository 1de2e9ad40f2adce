// What a training makes small, and what it counts beside.
#pragma once

#include "graft/device/torch.h"
#include "graft/task/task.h"
#include "graft/train/own_parts.h"

namespace graft {

// The loss of a task, or a program's own in its place.
class Objective {
 public:
  // `task` must outlive it. `own`: in the place of the task's loss. Throws UsageError for options that do not
  // act on a loss of the program's own.
  Objective(const Task& task, const LossOptions& options, const Folder& train, const torch::Device& device,
            LossFunction own = {});

  // As Task::loss().
  torch::Tensor loss(const torch::Tensor& outputs, const torch::Tensor& targets) const;

 private:
  const Task& task_;
  LossOptions options_;
  LossFunction own_;       // empty: the task's
  torch::Tensor weights_;  // undefined: all are 1
};

}  // namespace graft
