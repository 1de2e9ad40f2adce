// The run folder, which holds the output of a training run. The only place that names its files
// (docs/formats/run.md).
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

namespace graft {

class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path model() const { return path_ / "model.safetensors"; }
  std::filesystem::path config() const;  // config.json
  std::filesystem::path summary() const { return path_ / "summary.json"; }
  std::filesystem::path checkpoint() const { return path_ / "checkpoint.safetensors"; }
  std::filesystem::path classes_file() const { return path_ / "classes.txt"; }
  std::filesystem::path history() const { return path_ / "metrics.jsonl"; }
  std::filesystem::path batch_picture() const { return path_ / "batch.png"; }
  std::filesystem::path predictions_picture() const { return path_ / "predictions.png"; }

  std::filesystem::path lock() const { return path_ / "run.lock"; }  // run_lock.h

  // Written from the others when training ends.
  std::filesystem::path predictions_csv() const { return path_ / "predictions_val.csv"; }
  std::filesystem::path label_figures() const { return path_ / "label_figures.csv"; }
  std::filesystem::path shown_pictures() const { return path_ / "shown_pictures.csv"; }
  std::filesystem::path metrics_csv() const { return path_ / "metrics.csv"; }
  std::filesystem::path results_csv() const { return path_ / "results.csv"; }
  std::filesystem::path model_card() const { return path_ / "model_card.md"; }
  std::filesystem::path report() const { return path_ / "report.html"; }

  // Creates the folder with config.json, whose text is `config`, and an empty history. Removes the outputs of
  // an earlier run (metrics, report, TensorBoard's events), so that they are not mistaken for this run's; its
  // model stays until this run's first one is complete. If interrupted at any point, the folder is a run
  // folder or unchanged.
  void begin(std::string_view config) const;
  // Removes the temporary files (of replace_file) that an interrupted write of the run's files left.
  void remove_temporaries() const;

 private:
  std::filesystem::path path_;
};

// The charts of a report, with Ultralytics' names if it has the same chart.
inline constexpr const char* curves_png = "curves.png";
inline constexpr const char* confusion_png = "confusion_matrix.png";
inline constexpr const char* normalized_confusion_png = "confusion_matrix_normalized.png";
inline constexpr const char* reliability_png = "reliability.png";
inline constexpr const char* scatter_png = "scatter.png";
// All charts. Which of them a run has depends on the kind of its labels.
inline constexpr std::array chart_names = {curves_png, confusion_png, normalized_confusion_png,
                                           reliability_png, scatter_png};

// The model file of a run folder; any other path unchanged. Throws Error for a folder without a model.
std::filesystem::path model_file(const std::filesystem::path& path);

// Whether a training run writes files of this name into its folder.
bool is_run_file_name(const std::string& name);

// Creates the first of parent/name, parent/name2, parent/name3 … that does not exist. Two processes never get
// the same folder.
std::filesystem::path make_next_run_folder(const std::filesystem::path& parent, const std::string& name);

}  // namespace graft
