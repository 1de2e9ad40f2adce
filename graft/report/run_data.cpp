#include "graft/report/run_data.h"

#include <cmath>

#include "graft/core/files.h"
#include "graft/run/run_task.h"

namespace graft {

std::string RunData::name() const {
  const std::filesystem::path whole = std::filesystem::absolute(folder.path()).lexically_normal();
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

double RunData::seconds() const {
  double sum = 0;
  for (const EpochRecord& record : history) sum += std::isfinite(record.seconds) ? record.seconds : 0;
  return sum;
}

RunData read_run(const RunFolder& folder) {
  RunData run{folder, read_config(folder.config())};
  // The names as the disk has them; config.json can only hold what is UTF-8.
  if (disk().info(folder.classes_file())) run.config.classes = read_classes(folder.classes_file());
  if (disk().info(folder.history())) run.history = read_history(folder.history());
  if (const auto model = disk().info(folder.model())) run.model_bytes = model->size;
  const RunTask& task = run_task(run.config, run.history);
  run.labels = task.labels;
  run.val = read_val_results(folder, run.config, task);
  return run;
}

}  // namespace graft
