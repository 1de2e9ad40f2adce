#include "graft/run/run_task.h"

#include <array>

#include "graft/core/files.h"

namespace graft {
namespace {

constexpr std::array tasks = {&class_run, &label_run, &number_run};

}  // namespace

const RunTask& run_task(LabelKind labels) {
  for (const RunTask* task : tasks) {
    if (task->labels == labels) return *task;
  }
  return *tasks.front();
}

const RunTask& run_task(const RunConfig& config, const std::vector<EpochRecord>& history) {
  if (config.labels != LabelKind::automatic) return run_task(config.labels);
  for (const RunTask* task : tasks) {
    for (const EpochRecord& record : history) {
      if (!record.val.empty() && record.val.front().key == task->primary_metric) return *task;
    }
  }
  return *tasks.front();
}

std::optional<ValResults> read_val_results(const RunFolder& run, const RunConfig& config,
                                           const RunTask& task) {
  if (!disk().info(run.predictions_csv())) return std::nullopt;
  ValResults results{read_predictions(run.predictions_csv()), {}, {}, {}};
  if (disk().info(run.outputs())) results.outputs = read_outputs(run.outputs(), results.rows.size());
  task.complete(run, config, results);
  return results;
}

}  // namespace graft
