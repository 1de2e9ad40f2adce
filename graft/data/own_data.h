// What open_data_set and open_evaluation_folder (folder.h) do with Datasets of a program's own. Internal.
#pragma once

#include <string>
#include <vector>

#include "graft/data/folder.h"

namespace graft {

// The samples are in the order of their Datasets.
TrainingData open_own_data(const OwnData& own, const DataOptions& options);

// With `classes` given (a model's), the targets follow them by the names in own.classes; of numbers there is
// nothing to follow. Appends to `warnings`.
EvaluationFolder open_own_evaluation(const OwnData& own, const std::vector<std::string>& classes,
                                     std::vector<std::string>& warnings, EvaluationPart part);

}  // namespace graft
