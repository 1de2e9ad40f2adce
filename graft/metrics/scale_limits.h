// Which scales of a model of numbers can be computed with.
#pragma once

#include <cmath>

#include "graft/metrics/label_kind.h"

namespace graft {

// Outputs are float32: what they are scaled by stays far from its limits.
inline bool is_usable(const TaskSpec& spec) {
  constexpr double smallest = 1e-30, largest = 1e30;
  return spec.scale >= smallest && spec.scale <= largest && std::abs(spec.mean) <= largest;
}

}  // namespace graft
