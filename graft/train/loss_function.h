// A loss of a program's own; no torch header.
#pragma once

#include <functional>

namespace at {
class Tensor;
}

namespace graft {

// What a training makes small: the mean over a batch, a scalar that gradients flow through, on the device of
// the outputs. outputs: N×classes. targets: N labels (int64) or, where pictures are mixed, N×classes shares;
// where a picture may show several classes, N×classes from 0 to 1; of numbers N×1, less the mean of the
// training targets and divided by their standard deviation. It takes the place of the task's loss in
// training; the losses of a validation stay the task's.
using LossFunction = std::function<at::Tensor(const at::Tensor& outputs, const at::Tensor& targets)>;

}  // namespace graft
