// The contents of a run folder and the text of its model card, by the kind of the run's labels. One file per
// kind: class_run.cpp, label_run.cpp, number_run.cpp. Internal.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graft/metrics/metric.h"
#include "graft/run/config.h"
#include "graft/run/model_card.h"
#include "graft/run/run.h"
#include "graft/run/val_metrics.h"

namespace graft {

struct RunTask {
  LabelKind labels;
  const char* primary_metric;  // Metric::key
  MetricValues (*metrics)(const Outcomes& outcomes);
  // Adds the task's results to the rows.
  void (*complete)(const RunFolder& run, const RunConfig& config, ValResults& results);
  // The same from the outcomes of the rows, without a run folder.
  void (*judge)(const Outcomes& outcomes, const std::vector<std::string>& classes, ValResults& results);

  // What task.metrics() needs of each row, in their order; none if it is not recorded.
  Outcomes (*outcomes)(const RunConfig& config, const ValResults& results);

  // Parts of the model card. Functions return Markdown.
  std::string (*subject)(const RunConfig& config);   // what the model predicts
  const char* purpose;                               // a sentence
  const char* chosen_by;                             // the metric that selected the epoch of the weights
  std::string (*metric_name)(const Metric& metric);  // in the table of metrics
  const char* loss;                                  // name of the loss in that table
  std::string (*more_metrics)(const ValResults& results);  // more rows of the table
  std::string (*section)(const ModelCard& card);           // with its heading; may be empty
  const char* kept_in_file;                                // what the model file contains for predictions
  const char* evaluated;                                   // the argument of `graft eval`
  const char* limit;                                       // an item of the list of limits
};

extern const RunTask class_run, label_run, number_run;

// By RunConfig::labels. For a run that did not record them, by the primary metric of its history; one class
// per picture if there is none.
const RunTask& run_task(const RunConfig& config, const std::vector<EpochRecord>& history);
const RunTask& run_task(LabelKind labels);

// Empty before predictions_val.csv exists. Throws Error if a table cannot be read.
std::optional<ValResults> read_val_results(const RunFolder& run, const RunConfig& config,
                                           const RunTask& task);

}  // namespace graft
