// The tables of a run folder and the list of its classes (docs/formats/run.md). Each is replaced atomically.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "graft/metrics/outcomes.h"
#include "graft/run/run.h"

namespace graft {

// predictions_val.csv: the prediction of a run's model for every validation picture.
struct PredictionRow {
  std::string path;              // of the picture, as in training
  std::string label, predicted;  // names of classes (several: a|b), or numbers
  // Softmax of the predicted class; for several, of the least certain one. Empty for a number.
  std::optional<double> probability;
  double loss = 0;  // Outcome::loss
};

// Also predictions_test.csv, of the test pictures.
inline constexpr const char* predictions_header = "path,label,prediction,probability,loss\n";
std::string predictions_text(const std::vector<PredictionRow>& rows);
void write_predictions(const std::filesystem::path& path, const std::vector<PredictionRow>& rows);
// Throws Error, which names the line, if a line cannot be read.
std::vector<PredictionRow> read_predictions(const std::filesystem::path& path);

// outputs_val.safetensors: the model's outputs for the rows of predictions_val.csv, as a float32 tensor
// "outputs", N×outputs, and Outcomes::distances, if there are any, as "distances", N.
void write_outputs(const std::filesystem::path& path, const Outcomes& outcomes);
// Row after row. Throws Error if the file cannot be read or does not have `rows` rows.
std::vector<float> read_outputs(const std::filesystem::path& path, std::size_t rows);
// Empty if the run did not measure them.
std::vector<float> read_distances(const std::filesystem::path& path, std::size_t rows);

// shown_pictures.csv, for a run whose data is not in files: small copies of the validation pictures in its
// report. A row: path, width, height, full_width, full_height, jpeg.
struct ShownPicture {
  std::string path;  // of its PredictionRow
  int width = 0, height = 0, full_width = 0, full_height = 0;
  std::string jpeg;  // a data URI
};
void write_shown_pictures(const std::filesystem::path& path, const std::vector<ShownPicture>& rows);
// Throws Error, which names the line, if a line cannot be read.
std::vector<ShownPicture> read_shown_pictures(const std::filesystem::path& path);

// label_figures.csv, for several classes per picture. A row: class, average_precision, precision,
// recall, f1, support.
struct NamedLabelMetrics {
  std::string name;
  LabelMetrics metrics;
};
std::vector<NamedLabelMetrics> named_label_metrics(const LabelTable& table,
                                                   const std::vector<std::string>& classes);
void write_label_metrics(const std::filesystem::path& path, const std::vector<NamedLabelMetrics>& rows);
// Throws Error, which names the line, if a line cannot be read.
std::vector<NamedLabelMetrics> read_label_metrics(const std::filesystem::path& path);

// classes.txt: the names of the classes, one per line, in the order of the model's outputs. A line break in a
// name, which a folder may have, is written as a space.
void write_classes(const std::filesystem::path& path, const std::vector<std::string>& classes);
// `recorded`: the names in config.json, which have the line breaks, but only UTF-8.
std::vector<std::string> read_classes(const std::filesystem::path& path,
                                      const std::vector<std::string>& recorded = {});

// results.csv with the columns of Ultralytics' classification training, for tools that plot those; if there
// is no accuracy, metrics/ and the keys of the metrics instead. Epochs count from 1, `time` is cumulative. A
// probe is not an epoch: it has no row, and its seconds are included in the times of the epochs.
void write_results_csv(const std::filesystem::path& path, const std::vector<EpochRecord>& history);

// metrics.csv: the fields of metrics.jsonl as columns, `probe` last.
void write_metrics_csv(const std::filesystem::path& path, const std::vector<EpochRecord>& history);

}  // namespace graft
