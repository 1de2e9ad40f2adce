// The folder of a new run. Internal.
#pragma once

#include <filesystem>
#include <string>

#include "graft/data/folder.h"
#include "graft/run/run.h"
#include "graft/run/run_lock.h"
#include "graft/train/recipe.h"

namespace graft {

// Whether the run folder holds results that a new run would delete: a model, a checkpoint, a summary.
bool is_anything_kept(const RunFolder& run);

// Throws Error if a run in `folder` would replace an earlier run with results, unless `overwrite`, a run that
// another process holds, or a user's file under a name that a run writes. Also throws Error if the folder is
// not a run and holds pictures at any depth: it would no longer be read as a dataset.
void check_run_place(const std::filesystem::path& folder, bool overwrite);

// Throws Error if a file of the run is a symbolic link: the run would write to its target.
void refuse_linked_files(const std::filesystem::path& run);

// Throws UsageError if `folder`, which need not exist, lies among the class folders of `data`, opened from
// `source`: it would later be read as a class. Empty: the folder of take_run_place("").
void check_outside_classes(const std::filesystem::path& folder, const DataSource& source,
                           const TrainingData& data);

// The same for the folder of recipe.feature_cache, also beside the class folders. Also throws if it lies in
// the folder of a run: `run`, which may be empty and need not exist, or any other.
void check_feature_cache(const Recipe& recipe, const DataSource& source, const TrainingData& data,
                         const std::filesystem::path& run = {});

struct RunPlace {
  RunFolder folder;
  RunLock lock;
};
// Makes the folder, or the next free one of runs/train, runs/train2, … if `folder` is empty, and locks it for
// this process. Throws as check_run_place() does, and if another process holds it.
RunPlace take_run_place(const std::filesystem::path& folder, bool overwrite);

// The parent folder of the runs of take_run_place("").
inline constexpr const char* default_runs = "runs";

}  // namespace graft
