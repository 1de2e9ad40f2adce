#include "graft/metrics/outcomes.h"

#include <cstddef>

namespace graft {

std::vector<ClassFigures> class_figures(const Confusion& confusion) {
  std::vector<ClassFigures> figures(confusion.size());
  for (std::size_t k = 0; k < confusion.size(); ++k) {
    std::int64_t predicted = 0;
    for (std::size_t other = 0; other < confusion.size(); ++other) {
      figures[k].support += confusion[k][other];
      predicted += confusion[other][k];
    }
    const auto hits = static_cast<double>(confusion[k][k]);
    if (predicted > 0) figures[k].precision = hits / static_cast<double>(predicted);
    if (figures[k].support > 0) figures[k].recall = hits / static_cast<double>(figures[k].support);
    const double sum = figures[k].precision + figures[k].recall;
    if (sum > 0) figures[k].f1 = 2 * figures[k].precision * figures[k].recall / sum;
  }
  return figures;
}

}  // namespace graft
