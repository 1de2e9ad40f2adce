// Test-time augmentation (kinds: Tta in predictor.h).
#pragma once

#include <memory>
#include <vector>

#include "graft/device/torch.h"
#include "graft/infer/inference_model.h"
#include "graft/infer/predictor.h"
#include "graft/infer/tensor_source.h"

namespace graft {

// One pass over the samples with the validation transform; every batch contains its views. Throws UsageError
// for crops if the preprocess does not crop.
std::unique_ptr<TensorSource> test_time_source(const SharedSamples& samples, const Preprocess& preprocess,
                                               const LoaderOptions& options, std::uint64_t max_pixels,
                                               Tta tta, const torch::Device& device);

// The model's outputs for a batch and its views: outputs whose Task::answers() are the mean over the views.
// Without views the plain outputs. Throws Error if they are not finite (check_answers).
torch::Tensor outputs_of(const InferenceModel& model, const TensorBatch& batch, const RowName& name_of = {});

}  // namespace graft
