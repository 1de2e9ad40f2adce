// The weights of resizes, computed on the device: the antialiasing filters of Pillow's Image.resize
// (image/filter_taps.h) as dense floating-point matrices, for many images at once.
#pragma once

#include <cstdint>

#include "graft/device/torch.h"
#include "graft/image/resize.h"

namespace graft {

// One axis of N resizes; each tensor has N elements, all on one device.
struct AxisBatch {
  torch::Tensor start, extent;  // float32: the region to resize, in pixels; start below 1
  torch::Tensor used;           // int64: pixels that may be read
  torch::Tensor mirrored;       // float32, 1 for reversed outputs, else 0; undefined: none is reversed
};

// N×outputs×inputs, float32: output = weights · input. Each row sums to 1; inputs from `used` on have weight
// 0.
torch::Tensor resize_weights(const AxisBatch& axis, std::int64_t outputs, std::int64_t inputs,
                             Interpolation interpolation);

}  // namespace graft
