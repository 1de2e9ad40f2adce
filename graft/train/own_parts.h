// Parts of a training that a program brings itself; no torch header.
#pragma once

#include <functional>

#include "graft/train/loss_function.h"

namespace graft {

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
