#include "graft/metrics/weighted_metrics.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "graft/metrics/regression_metrics.h"

namespace graft {
namespace {

// The share of the outcomes that are right.
WeightedMetric weighted_share(const std::vector<Outcome>& outcomes, bool (*is_right)(const Outcome&)) {
  return [&outcomes, is_right](std::span<const double> weights) {
    double all = 0, right = 0;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      all += weights[i];
      right += is_right(outcomes[i]) ? weights[i] : 0;
    }
    return all == 0 ? 0 : right / all;
  };
}

// Over the classes that have pictures, as mean_average_precision().
WeightedMetric weighted_mean_average_precision(const LabelTable& labels) {
  std::vector<RankedAnswers> classes;
  for (std::size_t column = 0; column < static_cast<std::size_t>(labels.classes); ++column) {
    RankedAnswers answers(labels, column);
    if (answers.has_pictures()) classes.push_back(std::move(answers));
  }
  const auto shared = std::make_shared<const std::vector<RankedAnswers>>(std::move(classes));
  return [shared](std::span<const double> weights) {
    double sum = 0;
    for (const RankedAnswers& each : *shared) sum += each.average_precision(weights);
    return shared->empty() ? 0 : sum / static_cast<double>(shared->size());
  };
}

WeightedMetric weighted_regression(const std::vector<Outcome>& outcomes, double RegressionMetrics::*metric) {
  return [&outcomes, metric](std::span<const double> weights) {
    return regression_metrics(outcomes, weights).*metric;
  };
}

}  // namespace

RankedAnswers::RankedAnswers(const LabelTable& labels, std::size_t column) {
  const auto classes = static_cast<std::size_t>(labels.classes);
  const auto score = [&](std::uint32_t row) { return labels.scores[row * classes + column]; };
  std::vector<std::uint32_t> rows(labels.rows());
  std::iota(rows.begin(), rows.end(), 0U);
  std::sort(rows.begin(), rows.end(), [&](std::uint32_t a, std::uint32_t b) { return score(a) > score(b); });
  answers_.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_true = labels.truth[rows[i] * classes + column] != 0;
    const bool ends_step = i + 1 == rows.size() || score(rows[i + 1]) != score(rows[i]);
    answers_.push_back({rows[i], is_true ? 1U : 0U, ends_step ? 1U : 0U});
    has_pictures_ = has_pictures_ || is_true;
  }
}

// Equal scores are one step: their order is arbitrary. `found` and `area` are summed in the same order, so
// that a perfect ranking gives exactly 1.
double RankedAnswers::average_precision(std::span<const double> weights) const {
  double area = 0, found = 0, seen = 0, found_in_step = 0, seen_in_step = 0;
  for (const Answer& answer : answers_) {
    const double weight = weights[answer.row];
    seen_in_step += weight;
    found_in_step += answer.is_true != 0 ? weight : 0;
    if (answer.ends_step == 0) continue;
    seen += std::exchange(seen_in_step, 0);
    found += found_in_step;
    area += found_in_step * (found / seen);
    found_in_step = 0;
  }
  return found == 0 ? 0 : area / found;
}

WeightedMetric weighted_metric(const Outcomes& outcomes, const std::string& key) {
  if (key == "acc")
    return weighted_share(outcomes.outcomes, [](const Outcome& o) { return o.predicted == o.label; });
  if (key == "top5") return weighted_share(outcomes.outcomes, [](const Outcome& o) { return o.rank < 5; });
  if (key == "map") return weighted_mean_average_precision(outcomes.labels);
  if (key == "rmse") return weighted_regression(outcomes.outcomes, &RegressionMetrics::rmse);
  if (key == "mae") return weighted_regression(outcomes.outcomes, &RegressionMetrics::mae);
  if (key == "r2") return weighted_regression(outcomes.outcomes, &RegressionMetrics::r2);
  return {};
}

}  // namespace graft
