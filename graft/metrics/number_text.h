// Numbers of labels and metrics, formatted for people.
#pragma once

#include <string>

#include "graft/metrics/intervals.h"
#include "graft/metrics/metric.h"

namespace graft {

// Six significant digits: "12.3457". Large integers have all their digits: prices, years, nanoseconds. A
// value that is not finite is "–". `spread`: the standard deviation of such numbers, or 0 if it is unknown;
// numbers that it makes nearly equal get as many digits as distinguish them, at most 17.
std::string number_text(double number, double spread = 0);

// The value of a metric: a share of 1 with four digits after the point, a number in the unit of the labels as
// number_text() writes it.
std::string metric_text(const Metric& metric, double value);
// "0.9088 to 0.9777"
std::string interval_text(const Metric& metric, const Interval& interval);

}  // namespace graft
