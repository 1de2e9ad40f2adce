// A loss of a program's own; no torch header.
#pragma once

#include <functional>

namespace at {
class Tensor;
}

namespace graft {

// What a training makes small: the mean over a batch, a scalar that gradients flow through, on the device of
// the logits. logits: N×classes. targets: N labels (int64) or, where pictures are mixed, N×classes shares; of
// multi-label data N×classes from 0 to 1. It takes the place of cross entropy in training; the losses of a
// validation stay cross entropies.
using LossFunction = std::function<at::Tensor(const at::Tensor& logits, const at::Tensor& targets)>;

}  // namespace graft
