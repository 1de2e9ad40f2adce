// Where a new training puts its run: a folder that is nobody else's. Internal.
#pragma once

#include <filesystem>
#include <string>

#include "graft/data/folder.h"
#include "graft/run/run.h"
#include "graft/run/run_lock.h"
#include "graft/train/recipe.h"

namespace graft {

// Whether a training has kept anything in its folder that a new one would lose: a model, a checkpoint, a
// summary.
bool is_anything_kept(const RunFolder& run);

// Throws Error where a run in `folder` would replace what is not its own: an earlier run that has kept
// anything, unless `overwrite`, or, whatever is said, a run that another process holds, or somebody's file
// under a name that a training writes. Throws it also where the folder is no run and holds pictures, itself
// or below: it would no longer be taken for a data set.
void check_run_place(const std::filesystem::path& folder, bool overwrite);

// Throws UsageError where `folder`, which need not be there, lies among the class folders of `data`, opened
// from `source`: the next look at the data would take it for a class. Empty: the place of take_run_place("").
void check_outside_classes(const std::filesystem::path& folder, const DataSource& source,
                           const TrainingData& data);

// The same for the folder that recipe.feature_cache names, also beside the class folders; it throws also
// where that lies in the folder of a run: `run`, which may be empty and need not be there, or any other.
void check_feature_cache(const Recipe& recipe, const DataSource& source, const TrainingData& data,
                         const std::filesystem::path& run = {});

struct RunPlace {
  RunFolder folder;
  RunLock lock;
};
// Makes the folder, or the next free one of runs/train, runs/train2, … where `folder` is empty, and holds it
// for this process. Throws as check_run_place, and where another process holds it.
RunPlace take_run_place(const std::filesystem::path& folder, bool overwrite);

// The folder that take_run_place("") makes its runs in.
inline constexpr const char* default_runs = "runs";

}  // namespace graft
