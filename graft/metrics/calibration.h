// Calibration of a classifier's probabilities: the reliability diagram and the expected calibration error of
// Guo et al., "On Calibration of Modern Neural Networks" (2017), section 2.
#pragma once

#include <cstdint>
#include <vector>

namespace graft {

// Predictions with a probability in (low, high].
struct CalibrationBin {
  double low = 0, high = 0;
  std::int64_t count = 0;
  double accuracy = 0;    // fraction of correct predictions; 0 for none
  double confidence = 0;  // mean probability; 0 for none
};

// One prediction: the probability of the predicted class, and whether it is correct.
struct Confidence {
  double probability = 0;
  bool right = false;
};

// Bins of equal width over 0 to 1. A probability that is NaN is in none.
std::vector<CalibrationBin> calibration_bins(const std::vector<Confidence>& predictions, int bins = 15);
// The mean over the predictions of |accuracy − confidence| of their bin; 0 for none.
double expected_calibration_error(const std::vector<CalibrationBin>& bins);

}  // namespace graft
