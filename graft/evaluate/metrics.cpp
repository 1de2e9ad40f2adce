#include "graft/evaluate/metrics.h"

#include <cstddef>

namespace graft {

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

Confusion confusion_matrix(const std::vector<Outcome>& outcomes, std::int64_t classes) {
  const auto size = static_cast<std::size_t>(classes);
  Confusion confusion(size, std::vector<std::int64_t>(size, 0));
  for (const Outcome& o : outcomes) {
    ++confusion.at(static_cast<std::size_t>(o.label)).at(static_cast<std::size_t>(o.predicted));
  }
  return confusion;
}

}  // namespace graft
