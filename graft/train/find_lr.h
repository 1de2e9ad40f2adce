// A search for a learning rate: a mock training in which the rate grows from step to step until the loss
// explodes.
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

// Trains as `recipe` says, from its head's start, but for its schedule and epochs; ends early where the
// smoothed loss is four times its smallest or no number. Afterwards the network is spent: its weights are
// those of the end. The network is on `device`. Throws as check_find_lr, and Error for a picture that cannot
// be read, or where the first loss is not finite.
std::vector<LrPoint> find_lr(Model& model, const Folder& train, const Recipe& recipe,
                             const torch::Device& device, const FindLrOptions& options,
                             const ProgressCallback& progress = {});

}  // namespace graft
