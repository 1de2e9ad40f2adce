// Custom parts of a training run: a loss, a transform of batches, the connection of several processes. This
// header does not include torch.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

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

// The interface for data-parallel training in several processes: rank r of world_size computes the gradients
// of its part of each batch (LoaderPass::rank), the gradients of all ranks are summed, and every rank takes
// the same step.
//
// Every rank makes the same calls in the same order; each call waits for the other ranks. If a rank throws
// between calls, the implementation must end the others.
//
// Not synchronised are the statistics of batch norm within an epoch (they are averaged at its end) and the
// pairs of mixed images (mix.h). Every rank fits a probe on all pictures.
class GradientSync {
 public:
  virtual ~GradientSync() = default;
  virtual int rank() const = 0;
  virtual int world_size() const = 0;
  // Replaces each tensor by its sum over the ranks. The ranks' tensors have the same shapes and types.
  virtual void sum(const std::vector<at::Tensor>& tensors) = 0;
  // The ranks' tensors, by rank: one-dimensional, of one type, on the CPU, of any length.
  virtual std::vector<at::Tensor> gather(const at::Tensor& tensor) = 0;
};

// For a single process: no synchronisation.
GradientSync& single_process();

std::int64_t sum_over_ranks(GradientSync& sync, std::int64_t number);
// Whether `holds` is true on any rank.
bool any_rank(GradientSync& sync, bool holds);

}  // namespace graft
