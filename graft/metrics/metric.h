// The named metrics of a model: what each is called, which way is better, and how its values are shown. A new
// metric is one line of the table in metric.cpp. Files have "val_" or "train_" before the key.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace graft {

enum class MetricUnit { share, plain };  // a fraction of 1, or a number in the unit of the target

struct Metric {
  const char* key;         // in metrics.jsonl and summary.json: "acc"
  const char* id;          // in the JSON of an evaluation and in TensorBoard's tags: "accuracy"
  const char* short_name;  // in the lines of an epoch: "Acc", "mAP"
  const char* heading;     // of columns, curves and charts: "accuracy", "mAP"
  const char* name;        // "accuracy", "mean average precision"
  bool higher_is_better;
  MetricUnit unit;
  bool headline;  // shown wherever there is little room too
};

// All of them. The primary metric of each task is before the others that the task has.
std::span<const Metric> all_metrics();
// Throws Error for a key that is not in the table.
const Metric& find_metric(std::string_view key);
bool is_metric(std::string_view key);

struct MetricValue {
  std::string key;
  double value = 0;

  bool operator==(const MetricValue&) const = default;
};
// The first one is the primary metric: what epochs, runs and models are compared by.
using MetricValues = std::vector<MetricValue>;

// Null where it is not among them.
const double* value_of(const MetricValues& values, std::string_view key);
// In the order of the table.
void sort_metrics(MetricValues& values);
// The keys that are among them, in the order of the table.
std::vector<std::string> metric_keys(const std::vector<MetricValues>& rows);
// Whether `a` is better than `b` as a value of this metric. A value that is NaN is better than none.
bool is_better(const Metric& metric, double a, double b);

}  // namespace graft
