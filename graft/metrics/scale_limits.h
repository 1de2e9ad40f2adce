// The valid scales of a regression model.
#pragma once

#include <cmath>

#include "graft/metrics/outcomes.h"

namespace graft {

// Outputs are float32: the scale must stay far from its limits.
inline bool is_usable(const TaskSpec& spec) {
  constexpr double smallest = 1e-30, largest = 1e30;
  return spec.scale >= smallest && spec.scale <= largest && std::abs(spec.mean) <= largest;
}

}  // namespace graft
