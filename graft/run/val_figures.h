// The figures that predictions_val.csv gives.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graft/metrics/calibration.h"
#include "graft/metrics/outcomes.h"
#include "graft/run/run_tables.h"

namespace graft {

struct ValFigures {
  std::vector<std::string> classes;     // in the order of the rows of `confusion`
  Confusion confusion;                  // classes × classes
  std::vector<ClassFigures> per_class;  // one a class
  std::vector<CalibrationBin> bins;
  double accuracy = 0, loss = 0;  // means over the rows; 0 for none
  double calibration_error = 0;   // expected calibration error, 15 bins
};

// `classes` in the order of the model; names of the rows that are not among them come after.
ValFigures val_figures(const std::vector<PredictionRow>& rows, std::vector<std::string> classes);

// What a run folder says of the validation pictures when its training is over.
struct ValResults {
  std::vector<PredictionRow> rows;  // predictions_val.csv
  // What else there is depends on what the labels are; the others are empty.
  std::optional<ValFigures> figures;             // a class a picture: figures of the rows
  std::vector<NamedLabelFigures> label_figures;  // several classes a picture: label_figures.csv
  std::vector<Outcome> numbers;                  // a number a picture: that of each row, and the true one
};

}  // namespace graft
