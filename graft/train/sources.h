// Where a training takes its batches from.
#pragma once

#include <torch/torch.h>

#include <memory>

#include "graft/core/progress.h"
#include "graft/data/loader.h"
#include "graft/infer/tensor_source.h"
#include "graft/train/recipe.h"

namespace graft {

struct TrainSources {
  std::unique_ptr<TensorSource> train, val;
};

// On an accelerator whose free memory is known, and where pictures are seen more than once and may be kept
// (recipe.cache): pictures that stay there, each phase's if they fit. Else the loaders' batches, which
// must outlive it in any case. Throws Error for a picture that cannot be read, as the loaders do.
TrainSources open_sources(const Loader& train, const Loader& val, const Preprocess& preprocess,
                          const Recipe& recipe, const torch::Device& device,
                          const ProgressCallback& progress = {});

}  // namespace graft
