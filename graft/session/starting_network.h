// The initial network of a training run. Internal.
#pragma once

#include "graft/data/folder.h"
#include "graft/models/load.h"
#include "graft/train/recipe.h"

namespace graft {

// The network of build_for_classes(), or with recipe.extend_head of build_extended(), for the input of the
// recipe (preprocess_of). A file's head for numbers is converted to the target scale of `train`
// (task_spec_of), without changing its predictions. Throws UsageError if the file's head is for classes and
// the labels are numbers, or the reverse; and for a network without a linear head if the recipe has a probe,
// or the labels are not single classes.
LoadedNetwork starting_network(const ModelSpec& spec, const Folder& train, const Recipe& recipe,
                               FoundWeights found);

}  // namespace graft
