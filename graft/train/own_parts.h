// Custom parts of a training run. This header does not include torch.
#pragma once

#include <functional>

namespace at {
class Tensor;
}

namespace graft {

// A custom loss: the mean over a batch, a differentiable scalar on the device of the outputs. outputs:
// N×classes. targets: N labels (int64) or, for mixed images, N×classes shares; for multi-label data N×classes
// from 0 to 1; for numbers N×1, minus the mean of the training targets and divided by their standard
// deviation. It replaces the task's loss in training; validation uses the task's loss.
using LossFunction = std::function<at::Tensor(const at::Tensor& outputs, const at::Tensor& targets)>;

// Changes a training batch before the forward pass, after the recipe's augmentation and mixing. images:
// N×3×H×W, normalised; targets: as for LossFunction. Both are on the training device, and may be changed in
// place or replaced: for single labels N×classes shares may replace N labels. It runs without gradients.
// Draws from torch's generator are reproduced in a resumed run. Validation does not call it.
using BatchTransform = std::function<void(at::Tensor& images, at::Tensor& targets)>;

struct OwnParts {
  LossFunction loss = {};               // replaces the task's loss
  BatchTransform batch_transform = {};  // empty: batches do not change
};

}  // namespace graft
