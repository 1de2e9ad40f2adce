// The weights of resizes, computed where they are used: the antialiasing filters of Pillow's Image.resize
// (image/filter_taps.h), dense, in floating point, for many pictures at once.
#pragma once

#include <cstdint>

#include "graft/device/torch.h"
#include "graft/image/resize.h"

namespace graft {

// One axis of N resizes; all tensors of N numbers on one device.
struct AxisBatch {
  torch::Tensor start, extent;  // float32: what is resized, in pixels; start below 1
  torch::Tensor used;           // int64: pixels that may be looked at
  torch::Tensor mirrored;       // float32, 1 where outputs run backward, else 0; undefined: none does
};

// N×outputs×inputs, float32: output = weights · input. Each row sums to 1; inputs from `used` on have weight
// 0.
torch::Tensor resize_weights(const AxisBatch& axis, std::int64_t outputs, std::int64_t inputs,
                             Interpolation interpolation);

}  // namespace graft
