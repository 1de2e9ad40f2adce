#include "graft/run/val_metrics.h"

#include <limits>
#include <unordered_map>
#include <utility>

namespace graft {
namespace {

class ClassIndex {
 public:
  explicit ClassIndex(std::vector<std::string> classes) {
    for (std::string& name : classes) of(std::move(name));
  }

  std::size_t of(std::string name) {
    const auto [place, added] = indices_.emplace(name, names.size());
    if (added) names.push_back(std::move(name));
    return place->second;
  }

  std::vector<std::string> names;

 private:
  std::unordered_map<std::string, std::size_t> indices_;
};

}  // namespace

ValMetrics val_metrics(const std::vector<PredictionRow>& rows, std::vector<std::string> classes) {
  ClassIndex index(std::move(classes));
  std::vector<std::pair<std::size_t, std::size_t>> cells;
  std::vector<Confidence> confidences;
  ValMetrics metrics;
  for (const PredictionRow& row : rows) {
    cells.emplace_back(index.of(row.label), index.of(row.predicted));
    metrics.accuracy += row.label == row.predicted ? 1 : 0;
    metrics.loss += row.loss;
    confidences.push_back(
        {row.probability.value_or(std::numeric_limits<double>::quiet_NaN()), row.label == row.predicted});
  }
  if (!rows.empty()) {
    metrics.accuracy /= static_cast<double>(rows.size());
    metrics.loss /= static_cast<double>(rows.size());
  }
  metrics.classes = std::move(index.names);
  metrics.confusion.assign(metrics.classes.size(), std::vector<std::int64_t>(metrics.classes.size(), 0));
  for (const auto& [truth, predicted] : cells) ++metrics.confusion[truth][predicted];
  metrics.per_class = class_metrics(metrics.confusion);
  metrics.bins = calibration_bins(confidences);
  metrics.calibration_error = expected_calibration_error(metrics.bins);
  return metrics;
}

}  // namespace graft
