#include "graft/metrics/regression_figures.h"

#include <cmath>
#include <limits>

namespace graft {

RegressionFigures regression_figures(const std::vector<Outcome>& outcomes) {
  RegressionFigures figures;
  const auto count = static_cast<double>(outcomes.size());
  double mean = 0;
  for (const Outcome& outcome : outcomes) mean += outcome.true_number / count;
  double squared = 0, absolute = 0, variation = 0;
  for (const Outcome& outcome : outcomes) {
    const double error = outcome.number - outcome.true_number, distance = outcome.true_number - mean;
    squared += error * error;
    absolute += std::abs(error);
    variation += distance * distance;
  }
  if (!outcomes.empty()) {
    figures.mae = absolute / count;
    figures.rmse = std::sqrt(squared / count);
  }
  if (outcomes.size() < 2) {
    figures.r2 = std::numeric_limits<double>::quiet_NaN();
  } else if (variation == 0) {
    figures.r2 = squared == 0 ? 1 : 0;
  } else {
    figures.r2 = 1 - squared / variation;
  }
  return figures;
}

}  // namespace graft
