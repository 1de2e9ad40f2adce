// A run that was stopped, taken up again from its folder. Internal.
#pragma once

#include <optional>
#include <string>

#include "graft/core/option.h"
#include "graft/data/folder.h"
#include "graft/run/run.h"
#include "graft/session/record.h"
#include "graft/train/trainer.h"

namespace graft {

// Advice for who asks of a run what it cannot change: a new one, from its model where it has one.
std::string way_to_a_new_run(const RunFolder& folder);

// What the run was asked for: its options and its data. `given` may change what no result depends on
// (workers, prefetch, cache, time_limit); anything else throws UsageError. `data`: where they are now, or
// missing for where they were.
// Throws Error where the folder is no run.
RunRecord recorded_run(const RunFolder& folder, const GivenOptions& given, const DataSource& data);

// The checkpoint of the run. Throws Error where there is none, or where `data` has other classes or pictures
// than those it was trained on, with the difference.
SavedCheckpoint open_checkpoint(const RunFolder& folder, const TrainingData& data);

// The same for a run that was stopped before its first checkpoint, by what its config.json says of the data.
void check_recorded_data(const RunFolder& folder, const TrainingData& data);

// What open_checkpoint compares: to be saved with a checkpoint.
std::map<std::string, std::string> data_facts(const TrainingData& data);

}  // namespace graft
