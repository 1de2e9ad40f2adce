#include "graft/report/run_data.h"

#include <cmath>
#include <map>
#include <utility>

#include "graft/core/files.h"
#include "graft/run/run_tables.h"
#include "graft/run/run_task.h"

namespace graft {

std::string RunData::name() const {
  const std::filesystem::path whole = absolute_path(folder.path());
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

double RunData::seconds() const {
  double sum = 0;
  for (const EpochRecord& record : history) sum += std::isfinite(record.seconds) ? record.seconds : 0;
  return sum;
}

// Earlier versions dropped the alpha channel.
DecodeOptions RunData::decode() const {
  const std::string alpha = value_of(config.options, "alpha");
  return {.exif = value_of(config.options, "exif") == "true", .alpha = alpha.empty() ? "drop" : alpha};
}

namespace {

std::function<Thumbnail(const PredictionRow&)> pictures_of(const RunData& run) {
  if (!run.config.own_data)
    return [config = run.config, decode = run.decode()](const PredictionRow& row) {
      return read_thumbnail(picture_path(config, row.path), row_picture_side, decode);
    };
  std::map<std::string, Thumbnail> shown;
  if (disk().info(run.folder.shown_pictures())) {
    for (ShownPicture& each : read_shown_pictures(run.folder.shown_pictures()))
      shown[each.path] = {std::move(each.jpeg), "", each.height, each.width, each.full_height,
                          each.full_width};
  }
  return [shown = std::move(shown)](const PredictionRow& row) {
    const auto found = shown.find(row.path);
    return found != shown.end() ? found->second
                                : Thumbnail{"", "it was in the memory of the training program"};
  };
}

}  // namespace

RunData read_run(const RunFolder& folder) {
  RunData run{folder, read_config(folder.config())};
  // The names as bytes; config.json can hold only UTF-8.
  if (disk().info(folder.classes_file()))
    run.config.classes = read_classes(folder.classes_file(), run.config.classes);
  if (disk().info(folder.history())) run.history = read_history(folder.history());
  if (const auto model = disk().info(folder.model())) run.model_bytes = model->size;
  const RunTask& task = run_task(run.config, run.history);
  run.labels = task.labels;
  run.val = read_val_results(folder, run.config, task);
  if (disk().info(folder.evaluation())) run.evaluation = read_evaluation(folder.evaluation());
  if (disk().info(folder.candidates())) run.candidates = read_candidates(folder.candidates());
  if (disk().info(run.folder.feature_map())) run.map = read_feature_map(run.folder.feature_map());
  run.picture = pictures_of(run);
  return run;
}

}  // namespace graft
