// Features of the backbone, computed once for a head that is fitted or trained many times.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/core/progress.h"
#include "graft/data/loader.h"
#include "graft/device/torch.h"
#include "graft/infer/evaluate.h"
#include "graft/models/network.h"

namespace graft {

struct FeatureSet {
  torch::Tensor features;              // N×F, float32, on the CPU
  std::vector<std::int64_t> labels;    // N
  std::vector<std::uint32_t> indices;  // N: indices into the loader's list of samples
  std::vector<BadImage> bad;           // skipped pictures
};

// Runs the backbone over one pass of the loader (pass `epoch`, if it augments). With `mirrored`, over each
// picture's mirror image. Throws Error, as evaluate() does, if features are not finite.
FeatureSet extract_features(const InferenceModel& model, const Loader& loader, const std::string& what,
                            const ProgressCallback& progress = {}, std::uint64_t epoch = 0,
                            bool mirrored = false);

// As evaluate(), but starting from features, with the head of a network on `device`, whose mode is restored.
// `targets`: Task::target_table() of the samples' labels.
Evaluation evaluate_features(Network& network, const Task& task, const FeatureSet& set,
                             const torch::Device& device, const torch::Tensor& targets = {});

}  // namespace graft
