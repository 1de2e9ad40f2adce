#include "graft/metrics/regression_metrics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

namespace graft {

RegressionMetrics regression_metrics(const std::vector<Outcome>& outcomes, std::span<const double> weights) {
  RegressionMetrics metrics;
  const auto weight = [&](std::size_t i) { return weights.empty() ? 1 : weights[i]; };
  const double count = weights.empty() ? static_cast<double>(outcomes.size())
                                       : std::accumulate(weights.begin(), weights.end(), 0.0);
  // Relative to the first number, so that the mean of equal numbers is exact.
  const double first = outcomes.empty() ? 0 : outcomes.front().true_number;
  double mean = first;
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    mean += weight(i) * (outcomes[i].true_number - first) / count;
  double squared = 0, absolute = 0, variation = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const Outcome& outcome = outcomes[i];
    const double error = outcome.number - outcome.true_number, distance = outcome.true_number - mean;
    squared += weight(i) * error * error;
    absolute += weight(i) * std::abs(error);
    variation += weight(i) * distance * distance;
  }
  if (!outcomes.empty()) {
    metrics.mae = absolute / count;
    metrics.rmse = std::sqrt(squared / count);
  }
  if (outcomes.size() < 2) {
    metrics.r2 = std::numeric_limits<double>::quiet_NaN();
  } else if (variation == 0) {
    metrics.r2 = squared == 0 ? 1 : 0;
  } else {
    metrics.r2 = 1 - squared / variation;
  }
  return metrics;
}

double mean_error(const std::vector<Outcome>& outcomes) {
  double sum = 0;
  for (const Outcome& outcome : outcomes) sum += outcome.number - outcome.true_number;
  return outcomes.empty() ? 0 : sum / static_cast<double>(outcomes.size());
}

std::vector<ErrorQuantile> error_quantiles(const std::vector<Outcome>& outcomes,
                                           const std::vector<double>& shares) {
  std::vector<double> errors;
  for (const Outcome& outcome : outcomes) {
    const double error = std::abs(outcome.number - outcome.true_number);
    errors.push_back(std::isfinite(error) ? error : std::numeric_limits<double>::infinity());
  }
  std::sort(errors.begin(), errors.end());
  const auto squares_from = [&](std::size_t first) {
    double sum = 0;
    for (std::size_t i = first; i < errors.size(); ++i) sum += errors[i] * errors[i];
    return sum;
  };
  const double all = squares_from(0), count = static_cast<double>(errors.size());
  std::vector<ErrorQuantile> quantiles;
  for (const double share : shares) {
    if (errors.empty()) break;
    const double samples = std::clamp(std::ceil(share * count - 1e-9), 1.0, count);
    const auto end = static_cast<std::size_t>(samples);
    quantiles.push_back({share, errors[end - 1], all == 0 ? 0 : squares_from(end) / all});
  }
  return quantiles;
}

MetricValues number_values(const Outcomes& outcomes) {
  const RegressionMetrics metrics = regression_metrics(outcomes.outcomes);
  return {{"rmse", metrics.rmse}, {"mae", metrics.mae}, {"r2", metrics.r2}};
}

}  // namespace graft
