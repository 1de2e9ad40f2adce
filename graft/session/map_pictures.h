// The map of a run's held-out pictures (run/feature_map.h). Internal.
#pragma once

#include <vector>

#include "graft/data/folder.h"
#include "graft/device/torch.h"
#include "graft/metrics/outcomes.h"
#include "graft/models/model_file.h"
#include "graft/run/feature_map.h"
#include "graft/session/request.h"
#include "graft/train/recipe.h"

namespace graft {

// The pictures of the outcomes, at most a thousand of them, evenly chosen; `data`: the folder of their
// indices. None for a network without a linear head. For a frozen network the features are those of the
// probe's cache.
std::vector<MapPoint> map_pictures(const Model& model, const Folder& data, const Outcomes& outcomes,
                                   Recipe recipe, const torch::Device& device, const Observer& observer);

}  // namespace graft
