// A batch of the loader as tensors on a device.
#pragma once

#include <torch/torch.h>

#include "graft/data/batch.h"

namespace graft {

// N×3×H×W, float32, without a copy where the device is the CPU; the tensor keeps the batch's pixels alive. It
// lies in memory as the batch does.
torch::Tensor images_of(const Batch& batch, const torch::Device& device);
// The same values with channels last in memory, for passes without gradients: convolutions keep the layout of
// their input, and this one is the fastest of oneDNN and cuDNN.
torch::Tensor images_channels_last(const Batch& batch, const torch::Device& device);
// N, int64.
torch::Tensor labels_of(const Batch& batch, const torch::Device& device);

}  // namespace graft
