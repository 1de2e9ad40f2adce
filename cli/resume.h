// A run that was stopped, taken up again from its folder.
#pragma once

#include <optional>
#include <string>

#include "cli/bind_options.h"
#include "cli/record.h"
#include "graft/data/folder.h"
#include "graft/run/run.h"
#include "graft/train/checkpoint.h"

namespace graft::cli {

// How the run in `folder` ended, as its summary says ("finished", "patience"), where it is complete; else
// nothing.
std::optional<std::string> how_it_was_completed(const RunFolder& folder);

// What the run was asked for: its options and its data. `given` may change what no result depends on
// (workers, prefetch, cache, time_limit); anything else throws UsageError. `data`: where they are now, or
// empty for where they were. Throws Error where the folder is no run.
RunRecord recorded_run(const RunFolder& folder, const GivenOptions& given, const std::string& data);

// The checkpoint of the run. Throws Error where there is none, or where `data` has other classes or pictures
// than those it was trained on, with the difference.
SavedCheckpoint open_checkpoint(const RunFolder& folder, const DataSet& data);

// What open_checkpoint compares: to be saved with a checkpoint.
std::map<std::string, std::string> data_facts(const DataSet& data);

}  // namespace graft::cli
