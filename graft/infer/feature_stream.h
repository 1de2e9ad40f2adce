// The features of pictures batch by batch, so that the memory does not grow with their number.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "graft/core/progress.h"
#include "graft/data/loader.h"
#include "graft/device/torch.h"
#include "graft/infer/inference_model.h"

namespace graft {

// `rows`: n×F, float32, on the CPU; `indices`: n indices into the loader's list of samples.
using FeatureRows = std::function<void(const torch::Tensor& rows, const std::vector<std::uint32_t>& indices)>;

// Calls `each` in the loader's order. Returns the skipped pictures. Otherwise as extract_features().
std::vector<BadImage> stream_features(const InferenceModel& model, const Loader& loader,
                                      const std::string& what, const ProgressCallback& progress,
                                      const FeatureRows& each, std::uint64_t epoch = 0,
                                      bool mirrored = false);

}  // namespace graft
