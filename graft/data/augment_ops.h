// The changes that TrivialAugment and RandAugment choose from, and their strengths: the table that
// torchvision's policies share.
#pragma once

#include <array>

#include "graft/core/random.h"
#include "graft/image/image.h"

namespace graft {

// In torchvision's order.
enum class AugmentOp {
  identity,
  shear_x,
  shear_y,
  translate_x,
  translate_y,
  rotate,
  brightness,
  color,
  contrast,
  sharpness,
  posterize,
  solarize,
  auto_contrast,
  equalize
};
inline constexpr int augment_op_count = 14;
inline constexpr int magnitude_bins = 31;

// One change. The magnitude is the slope of a shear, pixels, degrees, what is added to a factor of 1, bits or
// a threshold; the last two operations and identity have none.
struct AugmentStep {
  AugmentOp op = AugmentOp::identity;
  double magnitude = 0;
  bool operator==(const AugmentStep&) const = default;
};

// An operation's magnitudes from the bin 0 to the last; both 0 where it has none.
struct MagnitudeRange {
  double first = 0, last = 0;
  bool either_sign = false;
};
using MagnitudeRanges = std::array<MagnitudeRange, augment_op_count>;

// torch.linspace(first, last, 31)[bin], in float32; whole bits for posterize.
double magnitude_at(AugmentOp op, const MagnitudeRange& range, int bin);

// Uniform among the operations.
AugmentOp draw_op(Random& random);
// The operation at this bin's magnitude, of a random sign where it has one.
AugmentStep draw_step(AugmentOp op, const MagnitudeRange& range, int bin, Random& random);

// torchvision's _apply_op on PIL images with nearest interpolation and black where nothing was, equal in
// every 8-bit value. The same size.
Image apply_step(Image image, const AugmentStep& step);

}  // namespace graft
