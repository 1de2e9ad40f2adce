// The network that a training begins with. Internal.
#pragma once

#include "graft/core/progress.h"
#include "graft/data/folder.h"
#include "graft/models/load.h"
#include "graft/train/recipe.h"

namespace graft {

// That of build_for_classes(). A head of numbers that is the file's fits the scale of `train`
// (task_spec_of): it predicts the numbers that it predicted. Throws UsageError where the file's head is of
// classes and these are numbers, or the other way round.
LoadedNetwork starting_network(const ModelSpec& spec, const Folder& train, const Recipe& recipe,
                               const ProgressCallback& progress);

}  // namespace graft
