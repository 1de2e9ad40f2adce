// What a report shows of a run by what its labels are. One file a kind of labels: class_report.cpp,
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
  const char* runs;                          // what such runs are called: "runs of …"
  bool gives_probabilities;                  // of its predictions
  std::string (*tiles)(const RunData& run);  // the figures in the head of the page
  const char* not_known_yet;                 // before there are predictions: "what is known of …"
  std::vector<HtmlSection> (*sections)(const RunData& run);  // those without content are left out
  std::vector<ChartFile> (*charts)(const ValResults& results);
  const char* usage_block;                          // of report.html: commands and code that use the model
  const char* evaluated;                            // what `graft eval` is given there
  std::string (*outputs)(const RunConfig& config);  // what the network gives: "3 classes"
  const char *shows_batch, *shows_predictions;      // batch.png and predictions.png
};

extern const TaskReport class_report, label_report, number_report;

std::span<const TaskReport* const> task_reports();
const TaskReport& task_report(LabelKind labels);

// Tiles that the head of every page has.
std::string best_words(const RunData& run, const EpochRecord& best);  // "epoch 3 of 10", "the probe"
std::string loss_tile(const EpochRecord& best);
// The notes below the numbers may be empty.
std::string picture_tiles(const RunConfig& config, const std::string& training_note = "",
                          const std::string& validation_note = "");

// What stands with a picture of a row.
struct PictureWords {
  std::string alt;      // what it shows, for who cannot see it
  std::string caption;  // HTML, above the name of its file
};
// The pictures of the first rows, a dozen at most.
std::string row_pictures(const RunData& run, const std::vector<const PredictionRow*>& rows,
                         const std::function<PictureWords(const PredictionRow&)>& words);

}  // namespace graft
