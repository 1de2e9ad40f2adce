// The weights of a one-dimensional resize: which inputs make each output, and how much of each.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/image/resize.h"

namespace graft {

// Weights are fixed-point numbers of this many fractional bits, as in Pillow: 8 bits of the 32 hold the
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
  // The inputs in use are [first_input(), end_input()).
  int first_input() const;
  int end_input() const;
};

// The taps of outputs [begin, begin + outputs) when `in_size` pixels become `out_size`.
FilterTaps filter_taps(int in_size, int out_size, int begin, int outputs, Interpolation interpolation);

}  // namespace graft
