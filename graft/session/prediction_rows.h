// The outcomes of an evaluation as rows of tables. Internal.
#pragma once

#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/run/run_tables.h"
#include "graft/task/task.h"

namespace graft {

// A row for each outcome of `pictures`.
std::vector<PredictionRow> prediction_rows(const Task& task, const Outcomes& outcomes,
                                           const Folder& pictures);

}  // namespace graft
