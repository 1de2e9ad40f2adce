// What a run folder says of the validation pictures when its training is over.
#pragma once

#include <optional>
#include <vector>

#include "graft/metrics/accuracy.h"
#include "graft/run/run_tables.h"
#include "graft/run/val_figures.h"

namespace graft {

struct ValResults {
  std::vector<PredictionRow> rows;  // predictions_val.csv
  // What else there is depends on what the labels are; the others are empty.
  std::optional<ValFigures> figures;             // a class a picture: figures of the rows
  std::vector<NamedLabelFigures> label_figures;  // several classes a picture: label_figures.csv
  std::vector<Outcome> numbers;                  // a number a picture: that of each row, and the true one
};

}  // namespace graft
