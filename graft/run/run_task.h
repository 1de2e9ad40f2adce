// What a run folder holds, and what its model card says, by what the labels of the run are. One file a kind
// of labels: class_run.cpp, label_run.cpp, number_run.cpp. Internal.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graft/metrics/metric.h"
#include "graft/run/config.h"
#include "graft/run/history.h"
#include "graft/run/model_card.h"
#include "graft/run/run.h"
#include "graft/run/val_figures.h"

namespace graft {

struct RunTask {
  LabelKind labels;
  const char* primary_metric;  // Metric::key
  // Adds to the rows what the task has besides.
  void (*complete)(const RunFolder& run, const RunConfig& config, ValResults& results);

  // Parts of the model card. Functions give Markdown.
  std::string (*subject)(const RunConfig& config);         // the model is for this
  const char* purpose;                                     // a sentence
  const char* chosen_by;                                   // what chose the epoch of the weights
  std::string (*metric_name)(const Metric& metric);        // in the table of figures
  const char* loss;                                        // the same
  std::string (*more_figures)(const ValResults& results);  // more rows of the table
  std::string (*section)(const ModelCard& card);           // with its heading; may be empty
  const char* kept_in_file;                                // what a prediction needs and the model file has
  const char* evaluated;                                   // what `graft eval` is given
  const char* limit;                                       // an item of the list of limits
};

extern const RunTask class_run, label_run, number_run;

// By RunConfig::labels. Of a run that did not record them: by the primary metric of its history; a class a
// picture where there is none.
const RunTask& run_task(const RunConfig& config, const std::vector<EpochRecord>& history);
const RunTask& run_task(LabelKind labels);

// Empty before predictions_val.csv is there. Throws Error where a table cannot be read.
std::optional<ValResults> read_val_results(const RunFolder& run, const RunConfig& config,
                                           const RunTask& task);

}  // namespace graft
