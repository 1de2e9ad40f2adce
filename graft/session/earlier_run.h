// A training run that starts from an earlier one. Internal.
#pragma once

#include <optional>
#include <string>

#include "graft/data/folder.h"
#include "graft/session/record.h"
#include "graft/train/recipe.h"

namespace graft {

// Sets the options that TrainRequest::from stands for. Throws Error if `from` is no model, and UsageError if
// it is not graft's or other options contradict it.
void start_from(RunRecord& run, const std::string& from);

// A sentence if the run of `path`, the initial weights or the teacher, was trained on pictures that are to
// measure the new run.
std::optional<std::string> seen_pictures_warning(const std::string& path, const Recipe& recipe,
                                                 const TrainingData& data);

}  // namespace graft
