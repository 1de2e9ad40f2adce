// The weights of a one-dimensional resize: the inputs of each output and their weights.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/image/resize.h"

namespace graft {

// Weights are fixed-point numbers of this many fractional bits, as in Pillow: of the 32 bits, 8 hold the
// pixel, 2 the overshoot of a filter with negative lobes.
inline constexpr int weight_bits = 32 - 8 - 2;

struct FilterTaps {
  // Output i is the sum over t in [0, count[i]) of input[first[i] + t] · weights_of(i)[t].
  std::vector<int> first, count;
  std::vector<std::int32_t> weights;
  int stride = 0;

  int outputs() const { return static_cast<int>(first.size()); }
  const std::int32_t* weights_of(int i) const {
    return weights.data() + static_cast<std::size_t>(i) * static_cast<std::size_t>(stride);
  }
};

// One axis of a resize: the pixels from `start` (below 1) over `extent` become `out_size` outputs, of which
// [begin, begin + outputs) are computed.
struct AxisResize {
  double start = 0, extent = 0;
  int out_size = 0, begin = 0, outputs = 0;

  // One past the last pixel that may be read.
  int in_end() const;
  bool operator==(const AxisResize&) const = default;
};

FilterTaps filter_taps(const AxisResize& axis, Interpolation interpolation);

// The inputs used, [first, end).
struct InputRange {
  int first = 0, end = 0;
};
InputRange input_range(const AxisResize& axis, Interpolation interpolation);

}  // namespace graft
