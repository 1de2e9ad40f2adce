// The metrics computed from predictions_val.csv.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graft/metrics/calibration.h"
#include "graft/metrics/outcomes.h"
#include "graft/run/run_tables.h"

namespace graft {

struct ValMetrics {
  std::vector<std::string> classes;     // in the order of the rows of `confusion`
  Confusion confusion;                  // classes × classes
  std::vector<ClassMetrics> per_class;  // one per class
  std::vector<CalibrationBin> bins;
  double accuracy = 0, loss = 0;  // means over the rows; 0 for none
  double calibration_error = 0;   // expected calibration error, 15 bins
};

// `classes` in the order of the model; other names in the rows are added after them.
ValMetrics val_metrics(const std::vector<PredictionRow>& rows, std::vector<std::string> classes);

// The results on the validation pictures in the run folder of a finished training run.
struct ValResults {
  std::vector<PredictionRow> rows;  // predictions_val.csv
  // One of these, by the kind of the labels; the others are empty.
  std::optional<ValMetrics> metrics;             // one class per picture: metrics of the rows
  std::vector<NamedLabelMetrics> label_metrics;  // several classes per picture: label_figures.csv
  std::vector<Outcome> numbers;  // a number per picture: predicted and true number of each row
  // outputs_val.safetensors: the network's outputs of each row. Empty for a run of an earlier version.
  std::vector<float> outputs = {};
};

}  // namespace graft
