// Metrics of a model that predicts a number, as scikit-learn computes them.
#pragma once

#include <vector>

#include "graft/metrics/outcomes.h"

namespace graft {

struct RegressionFigures {
  double r2 = 0;    // coefficient of determination (r2_score); NaN for fewer than two samples
  double mae = 0;   // mean absolute error
  double rmse = 0;  // root of the mean squared error
};

// Of Outcome::number against Outcome::true_number. Where all true numbers are the same, r2 is 1 if every
// prediction is exact and 0 otherwise, as r2_score(force_finite=True) has it. All are 0 for no samples but
// r2.
RegressionFigures regression_figures(const std::vector<Outcome>& outcomes);

// The mean of predicted − true, the bias; 0 for no samples.
double mean_error(const std::vector<Outcome>& outcomes);

struct ErrorQuantile {
  double share = 0;  // of the samples
  double error = 0;  // the smallest |error| that at least this share of the samples does not exceed
  double rest = 0;   // share of the sum of squared errors that the samples with larger errors have
};

// One for each of `shares`, above 0 to 1; none for no samples. `error` is that of NumPy's quantile with the
// method inverted_cdf. An error that is not finite counts as infinite; `rest` is then NaN.
std::vector<ErrorQuantile> error_quantiles(const std::vector<Outcome>& outcomes,
                                           const std::vector<double>& shares);

}  // namespace graft
