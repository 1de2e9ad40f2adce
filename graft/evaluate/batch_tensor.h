// A batch of the loader as tensors on a device, without a copy where the device is the CPU.
#pragma once

#include <torch/torch.h>

#include "graft/data/batch.h"

namespace graft {

// N×3×H×W, float32. The tensor keeps the batch's pixels alive.
torch::Tensor images_of(const Batch& batch, const torch::Device& device);
// N, int64.
torch::Tensor labels_of(const Batch& batch, const torch::Device& device);

}  // namespace graft
