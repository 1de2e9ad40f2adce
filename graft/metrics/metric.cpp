#include "graft/metrics/metric.h"

#include <algorithm>
#include <array>

#include "graft/core/error.h"

namespace graft {
namespace {

constexpr std::array<Metric, 6> table = {{
    {"map", "map", "mAP", "mAP", "mean average precision", true, MetricUnit::share, true},
    {"rmse", "rmse", "RMSE", "RMSE", "root mean squared error", false, MetricUnit::plain, true},
    {"acc", "accuracy", "Acc", "accuracy", "accuracy", true, MetricUnit::share, true},
    {"top5", "accuracy_top5", "top-5", "top-5", "top-5 accuracy", true, MetricUnit::share, false},
    {"mae", "mae", "MAE", "MAE", "mean absolute error", false, MetricUnit::plain, true},
    {"r2", "r2", "R²", "R²", "R²", true, MetricUnit::plain, true},
}};

const Metric* find(std::string_view key) {
  const auto* found =
      std::find_if(table.begin(), table.end(), [&](const Metric& metric) { return metric.key == key; });
  return found == table.end() ? nullptr : found;
}

}  // namespace

std::span<const Metric> all_metrics() { return table; }

const Metric& find_metric(std::string_view key) {
  if (const Metric* found = find(key)) return *found;
  throw Error(std::string(key), "is not a metric of this version");
}

bool is_metric(std::string_view key) { return find(key) != nullptr; }

const double* value_of(const MetricValues& values, std::string_view key) {
  const auto found =
      std::find_if(values.begin(), values.end(), [&](const MetricValue& each) { return each.key == key; });
  return found == values.end() ? nullptr : &found->value;
}

void sort_metrics(MetricValues& values) {
  std::stable_sort(values.begin(), values.end(), [](const MetricValue& a, const MetricValue& b) {
    return &find_metric(a.key) < &find_metric(b.key);
  });
}

std::vector<std::string> metric_keys(const std::vector<MetricValues>& rows) {
  std::vector<std::string> keys;
  for (const Metric& metric : table) {
    const bool any = std::any_of(rows.begin(), rows.end(), [&](const MetricValues& row) {
      return value_of(row, metric.key) != nullptr;
    });
    if (any) keys.emplace_back(metric.key);
  }
  return keys;
}

bool is_better(const Metric& metric, double a, double b) { return metric.higher_is_better ? a > b : a < b; }

}  // namespace graft
