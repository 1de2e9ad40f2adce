// The parts of a report that depend on the kind of labels. One file for each kind: class_report.cpp,
// label_report.cpp, number_report.cpp. Internal.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "graft/report/charts.h"
#include "graft/report/html_page.h"
#include "graft/report/run_data.h"

namespace graft {

struct TaskReport {
  LabelKind labels;
  const char* runs;                                          // the name of such runs: "runs of …"
  bool gives_probabilities;                                  // whether predictions have probabilities
  std::string (*tiles)(const RunData& run);                  // the metrics at the top of the page
  const char* not_known_yet;                                 // a notice without predictions: "Results of …"
  std::vector<HtmlSection> (*sections)(const RunData& run);  // those without content are omitted
  std::vector<ChartFile> (*charts)(const ValResults& results);
  const char* usage_block;                          // of report.html: commands and code that use the model
  const char* evaluated;                            // the argument of `graft eval` in it
  std::string (*outputs)(const RunConfig& config);  // the outputs of the network: "3 classes"
  const char *shows_batch, *shows_predictions;      // text of batch.png and predictions.png
};

extern const TaskReport class_report, label_report, number_report;

std::span<const TaskReport* const> task_reports();
const TaskReport& task_report(LabelKind labels);

// Tiles at the top of every page.
std::string best_words(const RunData& run, const EpochRecord& best);  // "epoch 3 of 10", "the probe"
// "95 %: 90.9 % to 97.8 %"; empty if the metric has no interval.
std::string interval_note(const MetricIntervals& intervals, const std::string& key);
// What the results are of: "validation", "out of fold", of an evaluation "pictures".
const char* held_out_word(const RunData& run);
// The same in a sentence: "validation pictures".
std::string held_out_pictures(const RunData& run);
// The loss of the model on these pictures: as it is stored, after a calibration. `best`: the best epoch.
double held_out_loss(const RunData& run, const EpochRecord& best);
std::string loss_tile(const RunData& run, const EpochRecord& best);
// The primary metric with its interval: of a cross-validation, else of the validation pictures; and of the
// test pictures. `name`: "accuracy"; `more`: a note, may be empty. Empty before the end of the first epoch.
std::string primary_tiles(const RunData& run, const std::string& name, const std::string& more = "");
// The notes below the numbers may be empty.
std::string picture_tiles(const RunConfig& config, const std::string& training_note = "",
                          const std::string& validation_note = "");

// The texts of a row's picture.
struct PictureWords {
  std::string alt;      // a text alternative
  std::string caption;  // HTML, above the name of its file
};
inline constexpr std::size_t max_row_pictures = 12;
// The pictures of the first rows, at most max_row_pictures.
std::string row_pictures(const RunData& run, const std::vector<const PredictionRow*>& rows,
                         const std::function<PictureWords(const PredictionRow&)>& words);

}  // namespace graft
