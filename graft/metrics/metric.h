// The named metrics of a model: names, direction, and display. A new metric is one line of the table in
// metric.cpp. Files have "val_" or "train_" before the key.
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
  const char* short_name;  // in the output of an epoch: "Acc", "mAP"
  const char* heading;     // for columns, curves and charts: "accuracy", "mAP"
  const char* name;        // "accuracy", "mean average precision"
  bool higher_is_better;
  MetricUnit unit;
  bool headline;  // also shown where space is limited
};

// All metrics. Each task's primary metric precedes its other metrics.
std::span<const Metric> all_metrics();
// Throws Error for a key that is not in the table.
const Metric& find_metric(std::string_view key);
bool is_metric(std::string_view key);

struct MetricValue {
  std::string key;
  double value = 0;

  bool operator==(const MetricValue&) const = default;
};
// The first one is the primary metric, by which epochs, runs and models are compared.
using MetricValues = std::vector<MetricValue>;

// Null if absent.
const double* value_of(const MetricValues& values, std::string_view key);
// Sorts into the order of the table.
void sort_metrics(MetricValues& values);
// The keys that occur in the rows, in the order of the table.
std::vector<std::string> metric_keys(const std::vector<MetricValues>& rows);
// Whether `a` is better than `b` as a value of this metric. NaN is not better than any value.
bool is_better(const Metric& metric, double a, double b);

}  // namespace graft
