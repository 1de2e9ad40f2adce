// open_data_set and open_evaluation_folder (folder.h) for a program's own Datasets. Internal.
#pragma once

#include <string>
#include <vector>

#include "graft/data/folder.h"

namespace graft {

// The samples keep the order of their Datasets.
TrainingData open_own_data(const OwnData& own, const DataOptions& options);

// If `classes` (a model's) is not empty, targets are matched to it by the names in own.classes; numbers need
// no matching. Appends to `warnings`.
EvaluationFolder open_own_evaluation(const OwnData& own, const std::vector<std::string>& classes,
                                     std::vector<std::string>& warnings, EvaluationPart part);

}  // namespace graft
