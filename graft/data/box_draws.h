// What drawing a random rectangle takes, as torchvision's get_params do it.
#pragma once

#include <cmath>
#include <cstdint>

#include "graft/core/random.h"

namespace graft {

inline constexpr int box_tries = 10;

// As Python's int(round(x)): halves go to the even neighbour (the rounding mode that C++ programs start in).
inline int round_to_int(double value) { return static_cast<int>(std::nearbyint(value)); }

// Uniform in 0 … room.
inline int draw_position(int room, Random& random) {
  return static_cast<int>(random.below(static_cast<std::uint64_t>(room) + 1));
}

}  // namespace graft
