#include "graft/metrics/outcomes.h"

#include <cstddef>

namespace graft {

std::vector<ClassMetrics> class_metrics(const Confusion& confusion) {
  std::vector<ClassMetrics> metrics(confusion.size());
  for (std::size_t k = 0; k < confusion.size(); ++k) {
    std::int64_t predicted = 0;
    for (std::size_t other = 0; other < confusion.size(); ++other) {
      metrics[k].support += confusion[k][other];
      predicted += confusion[other][k];
    }
    const auto hits = static_cast<double>(confusion[k][k]);
    if (predicted > 0) metrics[k].precision = hits / static_cast<double>(predicted);
    if (metrics[k].support > 0) metrics[k].recall = hits / static_cast<double>(metrics[k].support);
    const double sum = metrics[k].precision + metrics[k].recall;
    if (sum > 0) metrics[k].f1 = 2 * metrics[k].precision * metrics[k].recall / sum;
  }
  return metrics;
}

}  // namespace graft
