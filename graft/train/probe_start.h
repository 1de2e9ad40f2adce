// The start of a training run with a probe (probe.h): the head is fitted, and its metrics precede those of
// the epochs.
#pragma once

#include <cstdint>
#include <string>

#include "graft/core/progress.h"
#include "graft/data/folder.h"
#include "graft/device/torch.h"
#include "graft/infer/evaluate.h"
#include "graft/models/model_file.h"
#include "graft/train/recipe.h"
#include "graft/train/train_result.h"

namespace graft {

struct ProbeStart {
  ProbeFit fit;
  EpochRecord record;  // for the training pictures
  Evaluation on_val;
  std::int64_t skipped = 0;  // skipped pictures
};

// Fits the head of model.network, which is on `device`. `warning`: called if the features cannot be cached.
// Throws Error as extract_views() and fit_head() do.
ProbeStart start_at_probe(Model& model, const Folder& train, const Folder& val, const Recipe& recipe,
                          const torch::Device& device, const ProgressCallback& progress,
                          const WarningCallback& warning);

}  // namespace graft
