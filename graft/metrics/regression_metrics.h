// Metrics of a model that predicts a number, as scikit-learn computes them.
#pragma once

#include <span>
#include <vector>

#include "graft/metrics/outcomes.h"

namespace graft {

struct RegressionMetrics {
  double r2 = 0;    // coefficient of determination (r2_score); NaN for fewer than two samples
  double mae = 0;   // mean absolute error
  double rmse = 0;  // root of the mean squared error
};

// Compares Outcome::number with Outcome::true_number. If all true numbers are equal, r2 is 1 if every
// prediction is exact and 0 otherwise, as in r2_score(force_finite=True). For no samples, r2 is NaN and the
// others are 0. `weights`: one for each outcome, as sample_weight; none: all are 1.
RegressionMetrics regression_metrics(const std::vector<Outcome>& outcomes,
                                     std::span<const double> weights = {});

// The mean of predicted − true, the bias; 0 for no samples.
double mean_error(const std::vector<Outcome>& outcomes);

struct ErrorQuantile {
  double share = 0;  // fraction of the samples
  double error = 0;  // the smallest |error| that at least this fraction of the samples does not exceed
  double rest = 0;   // fraction of the sum of squared errors in samples with larger errors
};

// One for each of `shares`, above 0 to 1; none for no samples. `error` is NumPy's quantile with the method
// inverted_cdf. An error that is not finite counts as infinite; `rest` is then NaN.
std::vector<ErrorQuantile> error_quantiles(const std::vector<Outcome>& outcomes,
                                           const std::vector<double>& shares);

}  // namespace graft
