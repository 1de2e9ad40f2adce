#include "graft/report/run_data.h"

#include <cmath>

#include "graft/core/files.h"
#include "graft/run/run_tables.h"

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
  if (disk().info(folder.predictions_csv())) {
    run.rows = read_predictions(folder.predictions_csv());
    if (disk().info(folder.label_figures())) {
      run.label_figures = read_label_figures(folder.label_figures());
      return run;
    }
    run.figures = val_figures(run.rows, run.config.classes);
  }
  return run;
}

}  // namespace graft
