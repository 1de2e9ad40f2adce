// A batch of the loader as tensors on a device.
#pragma once

#include <torch/torch.h>

#include "graft/data/batch.h"
#include "graft/data/preprocess.h"
#include "graft/image/image.h"

namespace graft {

// N×3×H×W, float32, without a copy where the device is the CPU; the tensor keeps the batch's pixels alive. It
// lies in memory as the batch does.
torch::Tensor images_of(const Batch& batch, const torch::Device& device);
// One picture as a batch, normalised as `preprocess` says: 1×3×H×W on the CPU, channels last in memory.
torch::Tensor images_of(const ImageView& picture, const Preprocess& preprocess);
// N, int64.
torch::Tensor labels_of(const Batch& batch, const torch::Device& device);

}  // namespace graft
