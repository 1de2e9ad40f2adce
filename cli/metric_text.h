// How the program shows the value of a metric.
#pragma once

#include <cstdio>
#include <string>

#include "graft/metrics/metric.h"
#include "graft/metrics/number_text.h"

namespace graft::cli {

// Shares of 1 with four places; numbers in the unit of the labels by their size.
inline std::string metric_text(const Metric& metric, double value) {
  if (metric.unit != MetricUnit::share) return number_text(value);
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

}  // namespace graft::cli
