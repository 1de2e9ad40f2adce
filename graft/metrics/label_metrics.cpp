#include "graft/metrics/outcomes.h"

#include <algorithm>

namespace graft {
namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

struct Answer {
  float score = 0;
  bool is_true = false;
};

// Equal scores are one step: their order is arbitrary.
double average_precision(std::vector<Answer> answers, std::int64_t support) {
  std::sort(answers.begin(), answers.end(),
            [](const Answer& a, const Answer& b) { return a.score > b.score; });
  double area = 0;
  std::int64_t found = 0;
  for (std::size_t first = 0; first < answers.size();) {
    std::size_t last = first;
    std::int64_t more = 0;
    for (; last < answers.size() && answers[last].score == answers[first].score; ++last)
      more += answers[last].is_true ? 1 : 0;
    found += more;
    area += ratio(more, support) * ratio(found, static_cast<std::int64_t>(last));
    first = last;
  }
  return area;
}

LabelMetrics metrics_of(std::vector<Answer> answers, double threshold) {
  LabelMetrics metrics;
  std::int64_t named = 0, right = 0;
  for (const Answer& answer : answers) {
    const bool is_named = answer.score >= threshold;
    metrics.support += answer.is_true ? 1 : 0;
    named += is_named ? 1 : 0;
    right += is_named && answer.is_true ? 1 : 0;
  }
  metrics.precision = ratio(right, named);
  metrics.recall = ratio(right, metrics.support);
  metrics.f1 = ratio(2 * right, named + metrics.support);
  metrics.average_precision = average_precision(std::move(answers), metrics.support);
  return metrics;
}

}  // namespace

std::vector<LabelMetrics> label_metrics(const LabelTable& table, double threshold) {
  std::vector<LabelMetrics> metrics;
  const auto classes = static_cast<std::size_t>(table.classes);
  for (std::size_t column = 0; column < classes; ++column) {
    std::vector<Answer> answers(table.rows());
    for (std::size_t row = 0; row < answers.size(); ++row) {
      const std::size_t at = row * classes + column;
      answers[row] = {table.scores[at], table.truth[at] != 0};
    }
    metrics.push_back(metrics_of(std::move(answers), threshold));
  }
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
