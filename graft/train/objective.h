// What a training makes small, and what it counts as right.
#pragma once

#include <torch/torch.h>

#include "graft/data/folder.h"
#include "graft/train/loss_function.h"
#include "graft/train/recipe.h"

namespace graft {

// scikit-learn's "balanced": samples / (classes · samples of the class), float32; 0 for a class without any.
torch::Tensor balanced_class_weights(const Folder& train);
// Of multi-label data: how many pictures lack a class for each one that shows it, float32; 1 for a class
// without any (torch.nn.BCEWithLogitsLoss's pos_weight).
torch::Tensor balanced_positive_weights(const Folder& train);

class Objective {
 public:
  // Takes label_smoothing and class_weights of the recipe. `own`: in the place of the losses below; throws
  // UsageError where one of these two is asked for beside it.
  Objective(const Recipe& recipe, const Folder& train, const torch::Device& device, LossFunction own = {});

  // The mean over the batch. logits: N×classes. targets: N labels or N×classes shares, for which it is cross
  // entropy (torch.nn.CrossEntropyLoss); of multi-label data N×classes from 0 to 1, and it is the mean of
  // binary cross entropies (torch.nn.BCEWithLogitsLoss), label smoothing drawing each towards one half.
  torch::Tensor loss(const torch::Tensor& logits, const torch::Tensor& targets) const;
  // N: whether the target's class has the largest logit, of a mixed picture that of its larger part; of
  // multi-label data whether every class is predicted right.
  torch::Tensor right(const torch::Tensor& logits, const torch::Tensor& targets) const;

 private:
  LossFunction own_;  // empty: the losses of loss()
  bool multi_label_;
  double label_smoothing_;
  torch::Tensor weights_;  // undefined: all are 1
};

}  // namespace graft
