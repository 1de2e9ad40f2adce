#include "graft/metrics/number_text.h"

#include <algorithm>
#include <cmath>

#include "graft/core/text.h"

namespace graft {

std::string number_text(double number, double spread) {
  constexpr int least = 6, most = 17, of_spread = 3;
  if (!std::isfinite(number)) return "–";
  const double size = std::abs(number), magnitude = size > 0 ? std::log10(size) : 0;
  int digits = least;
  if (size > 0 && spread > 0)
    digits =
        static_cast<int>(std::clamp(magnitude - std::log10(spread) + of_spread, 1.0 * least, 1.0 * most));
  const bool is_large = magnitude >= least && magnitude < 19;
  number += 0.0;  // never "-0"
  return is_large && digits <= magnitude + 1 ? format_text("%.0f", number)
                                             : format_text("%.*g", digits, number);
}

std::string metric_text(const Metric& metric, double value) {
  return metric.unit == MetricUnit::share ? format_text("%.4f", value) : number_text(value);
}

std::string interval_text(const Metric& metric, const Interval& interval) {
  return metric_text(metric, interval.low) + " to " + metric_text(metric, interval.high);
}

}  // namespace graft
