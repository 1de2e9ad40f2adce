#include "graft/metrics/calibration.h"

#include <algorithm>
#include <cmath>

namespace graft {

std::vector<CalibrationBin> calibration_bins(const std::vector<Confidence>& predictions, int bins) {
  std::vector<CalibrationBin> result(static_cast<std::size_t>(bins));
  for (int i = 0; i < bins; ++i) {
    result[static_cast<std::size_t>(i)].low = static_cast<double>(i) / bins;
    result[static_cast<std::size_t>(i)].high = static_cast<double>(i + 1) / bins;
  }
  for (const Confidence& each : predictions) {
    if (std::isnan(each.probability)) continue;
    const double place = std::clamp(std::ceil(each.probability * bins) - 1, 0.0, bins - 1.0);
    CalibrationBin& bin = result[static_cast<std::size_t>(place)];
    ++bin.count;
    bin.accuracy += each.right ? 1 : 0;
    bin.confidence += each.probability;
  }
  for (CalibrationBin& bin : result) {
    if (bin.count == 0) continue;
    bin.accuracy /= static_cast<double>(bin.count);
    bin.confidence /= static_cast<double>(bin.count);
  }
  return result;
}

double expected_calibration_error(const std::vector<CalibrationBin>& bins) {
  double sum = 0;
  std::int64_t count = 0;
  for (const CalibrationBin& bin : bins) {
    sum += std::abs(bin.accuracy - bin.confidence) * static_cast<double>(bin.count);
    count += bin.count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

}  // namespace graft
