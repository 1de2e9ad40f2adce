// The sources of a training run's batches.
#pragma once

#include <memory>
#include <vector>

#include "graft/core/progress.h"
#include "graft/data/decoded_cache.h"
#include "graft/data/loader.h"
#include "graft/device/torch.h"
#include "graft/infer/tensor_source.h"
#include "graft/train/recipe.h"

namespace graft {

// The loaders of the two phases, which share the memory for decoded pictures.
struct TrainLoaders {
  // Loads the rank's part of each batch. The folders must outlive it. `unlabelled`: training pictures besides
  // those of `train`.
  TrainLoaders(const Folder& train, const Folder& val, const Preprocess& preprocess, const Recipe& recipe,
               int rank = 0, int world_size = 1, const std::vector<Sample>& unlabelled = {});

  LoaderPass train_pass, val_pass;
  std::shared_ptr<DecodedCache> decoded;  // null if no picture is read twice or the cache is off
  Loader train, val;
};

struct TrainSources {
  std::unique_ptr<TensorSource> train, val;
};

// Images stored on the device, for each phase that fits, if the device is an accelerator with known free
// memory and images are read more than once and may be cached (recipe.cache). Else the batches of the
// loaders, which must outlive the result in both cases. Throws Error for an unreadable picture, as the
// loaders do.
TrainSources open_sources(const TrainLoaders& loaders, const Preprocess& preprocess, const Recipe& recipe,
                          const torch::Device& device, const ProgressCallback& progress = {});

}  // namespace graft
