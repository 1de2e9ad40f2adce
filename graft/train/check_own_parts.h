// Checks of what a custom loss and a custom batch transform give (own_parts.h). Internal.
#pragma once

#include <cstdint>

#include "graft/device/torch.h"
#include "graft/infer/tensor_source.h"
#include "graft/metrics/outcomes.h"

namespace graft {

// The loss as a scalar. Throws UsageError unless it is one floating-point number on the device of `outputs`,
// with a gradient if they have one. Reads no value.
torch::Tensor checked_loss(const torch::Tensor& loss, const torch::Tensor& outputs);

// A batch after a custom transform, in the type of the images of `before`. Throws UsageError for other shapes
// and types than BatchTransform allows, and on another device. `outputs`: of the network. Reads no value.
TensorBatch checked_batch(const TensorBatch& after, const TensorBatch& before, LabelKind kind,
                          std::int64_t outputs);

// Throw UsageError for values that a custom transform must not give: they wait for the device.
void check_transformed_images(const torch::Tensor& images);
void check_transformed_targets(const torch::Tensor& targets, LabelKind kind, std::int64_t outputs);

}  // namespace graft
