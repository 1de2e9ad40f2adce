// A reliability diagram: how often predictions of a probability are right.
#pragma once

#include <vector>

#include "graft/metrics/calibration.h"
#include "graft/report/drawing.h"

namespace graft {

// A bar a bin, against the diagonal of a model that is right as often as it says; the title has the expected
// calibration error.
Drawing draw_reliability(const std::vector<CalibrationBin>& bins);

}  // namespace graft
