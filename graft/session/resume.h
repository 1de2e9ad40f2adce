// Resumes a stopped run from its folder. Internal.
#pragma once

#include <optional>
#include <string>

#include "graft/core/option.h"
#include "graft/data/folder.h"
#include "graft/run/run.h"
#include "graft/session/record.h"
#include "graft/train/trainer.h"

namespace graft {

// Advice for options that a run cannot change: a new run, from its model if it has one.
std::string way_to_a_new_run(const RunFolder& folder);

// The recorded options and data of the run. `given` may change options that do not affect the result
// (workers, prefetch, cache, time_limit); any other throws UsageError. `data`: their present place, or
// missing for the recorded place. Throws Error if the folder is not a run.
RunRecord recorded_run(const RunFolder& folder, const GivenOptions& given, const DataSource& data);

// The checkpoint of the run. Throws Error if there is none, or, with the difference, if `data`, read from
// `source`, has other classes or pictures than the run was trained on.
SavedCheckpoint open_checkpoint(const RunFolder& folder, const TrainingData& data, const std::string& source);

// The same check for a run that was stopped before its first checkpoint, by the data recorded in its
// config.json.
void check_recorded_data(const RunFolder& folder, const TrainingData& data);

// The facts that open_checkpoint() compares, to be saved with a checkpoint.
std::map<std::string, std::string> data_facts(const TrainingData& data);

}  // namespace graft
