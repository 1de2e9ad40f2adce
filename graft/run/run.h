// The run folder, which holds the output of a training run, and its history. The only place that names its
// files (docs/formats/run.md).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graft/metrics/metric.h"

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
  std::filesystem::path outputs() const { return path_ / "outputs_val.safetensors"; }
  std::filesystem::path test_predictions_csv() const { return path_ / "predictions_test.csv"; }
  std::filesystem::path evaluation() const { return path_ / "evaluation.json"; }
  std::filesystem::path label_metrics() const { return path_ / "label_figures.csv"; }
  std::filesystem::path feature_map() const { return path_ / "feature_map.csv"; }
  std::filesystem::path shown_pictures() const { return path_ / "shown_pictures.csv"; }
  std::filesystem::path metrics_csv() const { return path_ / "metrics.csv"; }
  std::filesystem::path results_csv() const { return path_ / "results.csv"; }
  std::filesystem::path model_card() const { return path_ / "model_card.md"; }
  // What the preset auto tried (candidates.h), and while it works the held-out outputs of fine-tuning in each
  // of the folds, from 1.
  std::filesystem::path candidates() const { return path_ / "candidates.csv"; }
  std::filesystem::path tuned_fold(int number) const;
  std::filesystem::path report() const { return path_ / "report.html"; }

  // The runs of a cross-validation, from 1.
  std::filesystem::path folds() const { return path_ / "folds"; }
  std::filesystem::path fold(int number) const;

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

// The metrics of one epoch: a line of metrics.jsonl. A loss that is not finite (divergence) is NaN, and null
// in the file.
struct EpochRecord {
  int epoch = 0;          // from 1; 0 for a probe
  double lr = 0;          // mean over the steps (0.1: of the first step); 0 for a probe
  double train_loss = 0;  // losses are means over the samples
  MetricValues train = {};
  double val_loss = 0;    // NaN without validation pictures
  MetricValues val = {};  // the first one is the primary metric; empty without validation pictures
  double seconds = 0;
  // Omitted from the line if empty. Files of earlier versions lack them.
  std::optional<double> train_seconds, val_seconds;
  std::optional<std::int64_t> images;  // training pictures of the epoch
  // The run keeps the weights of its last epoch: this record replaces the earlier ones, whatever the metrics.
  bool replaces = false;
  // The initial state that a probe gives to training (--head-start probe); not an epoch. Its training metrics
  // use the validation transform.
  bool probe = false;

  // Whether there are validation pictures.
  bool validates() const { return !val.empty(); }
  // Whether its weights are kept in place of those of the earlier record `other`: by the primary metric of
  // `val`, unless it `replaces` the other. NaN, or no value, is worse than any number.
  bool is_better_than(const EpochRecord& other) const;
};

std::string to_json_line(const EpochRecord& record);  // without the newline
// The inverse. Throws nlohmann::json::exception.
EpochRecord epoch_record(const std::string& json_line);

// Appends one line and flushes it to the disk.
void append_history(const std::filesystem::path& path, const EpochRecord& record);
// The record's name in tables: "3", or "probe".
std::string epoch_cell(const EpochRecord& record);
// The record's name in sentences: "epoch 3", or "the probe".
std::string epoch_words(const EpochRecord& record);

// The number of epochs, without the probe.
int count_epochs(const std::vector<EpochRecord>& history);
const EpochRecord* find_probe(const std::vector<EpochRecord>& history);  // null for none

// Version 0.1 counted epochs from 0 and did not mark the probe. Converts such a history, whose first record
// is an epoch 0 that is not a probe, to the current convention; leaves any other unchanged.
void count_from_one(std::vector<EpochRecord>& history);

// The history after count_from_one. Throws Error, which names the line, if a line cannot be read. Ignores an
// invalid last line without a line end, which a killed program leaves.
std::vector<EpochRecord> read_history(const std::filesystem::path& path);

// The record whose weights model.safetensors has: the first one with the best primary metric, or the last one
// of a run that keeps the last. Null for none.
const EpochRecord* best_epoch(const std::vector<EpochRecord>& history);

}  // namespace graft
