// Numbers of labels and metrics, formatted for people.
#pragma once

#include <string>

#include "graft/metrics/metric.h"

namespace graft {

// Six significant digits: "12.3457". Large integers have all their digits: prices, years, seconds. A value
// that is not finite is "–".
std::string number_text(double number);

// The value of a metric: a share of 1 with four digits after the point, a number in the unit of the labels as
// number_text() writes it.
std::string metric_text(const Metric& metric, double value);

}  // namespace graft
