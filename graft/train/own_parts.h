// Parts of a training that a program brings itself; no torch header.
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

// Changes a batch of training pictures before the network sees it: after the recipe's augmentation and
// mixing. images: N×3×H×W, normalised; targets: as LossFunction has them. Both are on the device that trains,
// and may be changed in place or exchanged for others: of single labels N×classes shares may take the place
// of N labels. No gradient flows through it. What is drawn from torch's generator is drawn again in a resumed
// run. Validation does not call it.
using BatchTransform = std::function<void(at::Tensor& images, at::Tensor& targets)>;

struct OwnParts {
  LossFunction loss = {};               // in the place of cross entropy
  BatchTransform batch_transform = {};  // empty: batches stay as they are
};

}  // namespace graft
