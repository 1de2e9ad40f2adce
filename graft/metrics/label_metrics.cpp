#include <cstddef>
#include <vector>

#include "graft/metrics/outcomes.h"
#include "graft/metrics/weighted_metrics.h"

namespace graft {
namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

LabelMetrics metrics_of(const LabelTable& table, std::size_t column, double threshold) {
  const auto classes = static_cast<std::size_t>(table.classes);
  LabelMetrics metrics;
  std::int64_t named = 0, right = 0;
  for (std::size_t at = column; at < table.scores.size(); at += classes) {
    const bool is_named = table.scores[at] >= threshold, is_true = table.truth[at] != 0;
    metrics.support += is_true ? 1 : 0;
    named += is_named ? 1 : 0;
    right += is_named && is_true ? 1 : 0;
  }
  metrics.precision = ratio(right, named);
  metrics.recall = ratio(right, metrics.support);
  metrics.f1 = ratio(2 * right, named + metrics.support);
  metrics.average_precision =
      RankedAnswers(table, column).average_precision(std::vector<double>(table.rows(), 1));
  return metrics;
}

}  // namespace

std::vector<LabelMetrics> label_metrics(const LabelTable& table, double threshold) {
  std::vector<LabelMetrics> metrics;
  for (std::size_t column = 0; column < static_cast<std::size_t>(table.classes); ++column)
    metrics.push_back(metrics_of(table, column, threshold));
  return metrics;
}

double mean_average_precision(const std::vector<LabelMetrics>& metrics) {
  double sum = 0;
  std::int64_t shown = 0;
  for (const LabelMetrics& each : metrics) {
    if (each.support == 0) continue;
    sum += each.average_precision;
    ++shown;
  }
  return shown == 0 ? 0 : sum / static_cast<double>(shown);
}

MetricValues label_values(const Outcomes& outcomes) {
  return {{"map", mean_average_precision(label_metrics(outcomes.labels))},
          {"acc", accuracy(outcomes.outcomes)}};
}

}  // namespace graft
