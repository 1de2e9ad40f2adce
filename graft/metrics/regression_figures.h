// Metrics of a model that predicts a number, as scikit-learn computes them.
#pragma once

#include <vector>

#include "graft/metrics/accuracy.h"

namespace graft {

struct RegressionFigures {
  double r2 = 0;    // coefficient of determination (r2_score); NaN for fewer than two samples
  double mae = 0;   // mean absolute error
  double rmse = 0;  // root of the mean squared error
};

// Of Outcome::number against Outcome::true_number. Where all true numbers are the same, r2 is 1 if every
// prediction is exact and 0 otherwise, as r2_score(force_finite=True) has it. All are 0 for no samples but r2.
RegressionFigures regression_figures(const std::vector<Outcome>& outcomes);

}  // namespace graft
