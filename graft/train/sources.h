// Where a training takes its batches from.
#pragma once

#include <memory>

#include "graft/core/progress.h"
#include "graft/data/decoded_cache.h"
#include "graft/data/loader.h"
#include "graft/device/torch.h"
#include "graft/infer/tensor_source.h"
#include "graft/train/recipe.h"

namespace graft {

// The loaders of the two phases, which share the memory for decoded pictures.
struct TrainLoaders {
  // Of the rank's part of each batch. The folders must outlive it.
  TrainLoaders(const Folder& train, const Folder& val, const Preprocess& preprocess, const Recipe& recipe,
               int rank = 0, int world_size = 1);

  LoaderPass train_pass, val_pass;
  std::shared_ptr<DecodedCache> decoded;  // null where no picture is seen twice, or none may be kept
  Loader train, val;
};

struct TrainSources {
  std::unique_ptr<TensorSource> train, val;
};

// On an accelerator whose free memory is known, and where pictures are seen more than once and may be kept
// (recipe.cache): pictures that stay there, each phase's if they fit. Else the batches of the loaders, which
// must outlive it in any case. Throws Error for a picture that cannot be read, as the loaders do.
TrainSources open_sources(const TrainLoaders& loaders, const Preprocess& preprocess, const Recipe& recipe,
                          const torch::Device& device, const ProgressCallback& progress = {});

}  // namespace graft
