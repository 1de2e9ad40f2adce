// A training run that starts from an earlier one. Internal.
#pragma once

#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/session/evaluation_data.h"
#include "graft/session/record.h"
#include "graft/train/recipe.h"

namespace graft {

// Sets the options that TrainRequest::from stands for. Throws Error if `from` is no model, and UsageError if
// it is not graft's or other options contradict it.
void start_from(RunRecord& run, const std::string& from);

// For each of `pictures` whether the run of one of the models, which may be other weights or empty, was
// trained on it, or may have been: by its place in the data (seen_by_weights) or the bytes of its file.
// Throws Error if a run cannot be read.
std::vector<bool> seen_by_runs(const std::vector<std::string>& models, const DataSource& data,
                               const Folder& pictures, EvaluationPart part);

}  // namespace graft
