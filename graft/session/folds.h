// The cross-validation of a run: a model for each fold, in a run folder of its own below the run's. Internal.
#pragma once

#include <optional>
#include <vector>

#include "graft/metrics/metric.h"
#include "graft/metrics/outcomes.h"
#include "graft/session/run.h"
#include "graft/session/train_job.h"
#include "graft/task/task.h"

namespace graft {

struct FoldResults {
  // Of the pictures of the run's training part that were held out, in their order. With several repeats an
  // outcome is that of the mean of the models' outputs.
  Outcomes out_of_fold;
  std::vector<MetricValues> models;  // of each model on the pictures that it held out
  double seconds = 0;                // of the trainings in this call
};

// Removes the folds that an earlier run in the folder left, but no file that graft did not write.
void remove_folds(const RunFolder& folder);

// Whether the run in the folder is that of a fold of the run above it.
bool is_fold_of_run(const RunFolder& folder);

// Trains the model of each fold, or continues its run, or reads what a complete one left. Empty if the
// observer stops it. Throws Error and UsageError as Run does.
std::optional<FoldResults> train_folds(const TrainJob& job, const Task& task, const RunObserver& observer);

}  // namespace graft
