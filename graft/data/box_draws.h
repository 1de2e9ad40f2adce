// Helpers for drawing a random rectangle as torchvision's get_params do.
#pragma once

#include <cmath>
#include <cstdint>

#include "graft/core/random.h"

namespace graft {

inline constexpr int box_tries = 10;

// As Python's int(round(x)): halves round to the even neighbour (C++'s default rounding mode).
inline int round_to_int(double value) { return static_cast<int>(std::nearbyint(value)); }

// Uniform in 0 … room, both included.
inline int draw_position(int room, Random& random) {
  return static_cast<int>(random.below(static_cast<std::uint64_t>(room) + 1));
}

}  // namespace graft
