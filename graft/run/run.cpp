#include "graft/run/run.h"

#include <algorithm>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/run_mark.h"
#include "graft/run/event_file.h"

namespace graft {
namespace {

void remove_if_there(const std::filesystem::path& path) {
  if (disk().info(path)) disk().remove(path);
}

}  // namespace

RunFolder::RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

std::filesystem::path RunFolder::config() const { return path_ / run_mark_file; }

std::filesystem::path RunFolder::fold(int number) const {
  const std::string text = std::to_string(number);
  return folds() / (text.size() < 2 ? "0" + text : text);
}

std::filesystem::path RunFolder::tuned_fold(int number) const {
  return path_ / ("tuned_fold_" + std::to_string(number) + ".safetensors");
}

void RunFolder::begin(std::string_view config_text) const {
  if (const auto there = disk().info(path_); there && there->kind != FileKind::directory) {
    throw Error(path_.string(), "is a file, not a folder", "choose another folder");
  }
  disk().make_directories(path_);
  remove_temporaries();
  // Before the configuration changes, an earlier run must be neither complete nor resumable.
  remove_if_there(summary());
  remove_if_there(checkpoint());
  if (disk().info(history())) replace_file(history(), "");  // no epoch of which is the new run's
  replace_file(config(), config_text);
  replace_file(history(), "");
  for (const DirectoryEntry& entry : disk().list(path_)) {
    const std::filesystem::path path = path_ / entry.name;
    const bool stays = path == config() || path == history() || path == model() || path == lock();
    if (!stays && is_run_file_name(entry.name)) disk().remove(path);
  }
}

void RunFolder::remove_temporaries() const {
  for (const DirectoryEntry& entry : disk().list(path_)) {
    if (entry.kind == FileKind::regular && is_run_file_name(name_of_temporary(entry.name)))
      disk().remove(path_ / entry.name);
  }
}

std::filesystem::path model_file(const std::filesystem::path& path) {
  const auto info = disk().info(path);
  if (!info || info->kind != FileKind::directory) return path;
  std::filesystem::path model = RunFolder(path).model();
  if (!disk().info(model)) {
    if (disk().info(path / "pytorch_model.bin"))
      throw Error(path.string(), "holds weights of the Hugging Face hub and no graft model file",
                  "name the network: `model` NAME `weights` " + path.string());
    throw Error(path.string(), "is a folder without a " + model.filename().string(),
                "give a run folder that holds one, or a file");
  }
  return model;
}

bool is_run_file_name(const std::string& name) {
  static const RunFolder run("");
  static const std::set<std::filesystem::path> names = {run.model(),         run.config(),
                                                        run.summary(),       run.checkpoint(),
                                                        run.classes_file(),  run.history(),
                                                        run.batch_picture(), run.predictions_picture(),
                                                        run.lock(),          run.predictions_csv(),
                                                        run.label_metrics(), run.metrics_csv(),
                                                        run.results_csv(),   run.model_card(),
                                                        run.report(),        run.shown_pictures(),
                                                        run.outputs(),       run.test_predictions_csv(),
                                                        run.evaluation(),    run.feature_map(),
                                                        run.candidates(),    run.tuned_fold(1),
                                                        run.tuned_fold(2),   run.tuned_fold(3),
                                                        run.tuned_fold(4),   run.tuned_fold(5)};
  const bool is_chart = std::find(chart_names.begin(), chart_names.end(), name) != chart_names.end();
  return is_chart || names.contains(name) || is_event_file_name(name);
}

std::filesystem::path make_next_run_folder(const std::filesystem::path& parent, const std::string& name) {
  disk().make_directories(parent);
  std::filesystem::path path = parent / name;
  for (int number = 2; !disk().make_directory(path); ++number)
    path = parent / (name + std::to_string(number));
  return path;
}

}  // namespace graft
