#include "graft/metrics/number_text.h"

#include <cmath>

#include "graft/core/text.h"

namespace graft {

std::string number_text(double number) {
  if (!std::isfinite(number)) return "–";
  const double size = std::abs(number);
  return format_text(size >= 1e6 && size < 1e15 ? "%.0f" : "%.6g", number + 0.0);  // never "-0"
}

std::string metric_text(const Metric& metric, double value) {
  return metric.unit == MetricUnit::share ? format_text("%.4f", value) : number_text(value);
}

}  // namespace graft
