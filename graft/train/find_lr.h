// Learning-rate range test: a mock training run in which the learning rate grows with each step until the
// loss explodes.
#pragma once

#include <vector>

#include "graft/core/progress.h"
#include "graft/data/folder.h"
#include "graft/device/torch.h"
#include "graft/models/model_file.h"
#include "graft/run/lr_search.h"
#include "graft/train/recipe.h"
#include "graft/train/train_options.h"

namespace graft {

// Trains by `recipe`, except for its schedule and epochs; ends early if the smoothed loss is four times its
// minimum or not finite. The network, which is on `device`, keeps the weights of the end and is not usable
// afterwards. Throws as check_find_lr(), and Error for an unreadable picture or if the first loss is not
// finite. `warning` reports a feature cache that cannot be used.
std::vector<LrPoint> find_lr(Model& model, const Folder& train, const Recipe& recipe,
                             const torch::Device& device, const FindLrOptions& options,
                             const ProgressCallback& progress = {}, const WarningCallback& warning = {});

}  // namespace graft
