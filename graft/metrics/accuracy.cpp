#include "graft/metrics/outcomes.h"

#include <algorithm>

#include <cstddef>

namespace graft {

Outcomes select_outcomes(const Outcomes& all, std::span<const std::uint32_t> rows) {
  Outcomes result;
  result.outcomes.reserve(rows.size());
  for (const std::uint32_t row : rows) result.outcomes.push_back(all.outcomes[row]);
  const auto classes = static_cast<std::ptrdiff_t>(all.labels.classes);
  result.labels.classes = all.labels.classes;
  if (all.labels.scores.empty()) return result;
  for (const std::uint32_t row : rows) {
    const auto scores = all.labels.scores.begin() + row * classes;
    const auto truth = all.labels.truth.begin() + row * classes;
    result.labels.scores.insert(result.labels.scores.end(), scores, scores + classes);
    result.labels.truth.insert(result.labels.truth.end(), truth, truth + classes);
  }
  return result;
}

double mean_loss(const std::vector<Outcome>& outcomes) {
  double sum = 0;
  for (const Outcome& outcome : outcomes) sum += outcome.loss;
  return outcomes.empty() ? 0 : sum / static_cast<double>(outcomes.size());
}

double accuracy(const std::vector<Outcome>& outcomes) {
  std::int64_t right = 0;
  for (const Outcome& outcome : outcomes) right += outcome.predicted == outcome.label ? 1 : 0;
  return outcomes.empty() ? 0 : static_cast<double>(right) / static_cast<double>(outcomes.size());
}

double top_k_accuracy(const std::vector<Outcome>& outcomes, int k) {
  if (outcomes.empty()) return 0;
  const auto hits =
      std::count_if(outcomes.begin(), outcomes.end(), [&](const Outcome& o) { return o.rank < k; });
  return static_cast<double>(hits) / static_cast<double>(outcomes.size());
}

Confusion confusion_matrix(const std::vector<Outcome>& outcomes, std::int64_t classes) {
  const auto size = static_cast<std::size_t>(classes);
  Confusion confusion(size, std::vector<std::int64_t>(size, 0));
  for (const Outcome& o : outcomes) {
    ++confusion.at(static_cast<std::size_t>(o.label)).at(static_cast<std::size_t>(o.predicted));
  }
  return confusion;
}

MetricValues class_values(const Outcomes& outcomes) {
  return {{"acc", accuracy(outcomes.outcomes)}, {"top5", top_k_accuracy(outcomes.outcomes, 5)}};
}

}  // namespace graft
