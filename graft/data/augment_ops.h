// The operations of TrivialAugment and RandAugment and their magnitudes: the table that torchvision's
// policies share.
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

// One operation. The magnitude is the slope of a shear, pixels, degrees, the difference of a factor from 1,
// bits or a threshold; the last two operations and identity have none.
struct AugmentStep {
  AugmentOp op = AugmentOp::identity;
  double magnitude = 0;
  bool operator==(const AugmentStep&) const = default;
};

// An operation's magnitudes at the first and the last bin; both 0 if it has none.
struct MagnitudeRange {
  double first = 0, last = 0;
  bool either_sign = false;
};
using MagnitudeRanges = std::array<MagnitudeRange, augment_op_count>;

// torch.linspace(first, last, 31)[bin], in float32; integer bits for posterize.
double magnitude_at(AugmentOp op, const MagnitudeRange& range, int bin);

// Uniform among the operations.
AugmentOp draw_op(Random& random);
// The operation at this bin's magnitude, with a random sign if it is signed.
AugmentStep draw_step(AugmentOp op, const MagnitudeRange& range, int bin, Random& random);

// torchvision's _apply_op on PIL images with nearest interpolation and black fill, equal in every 8-bit
// value. The size is unchanged.
Image apply_step(Image image, const AugmentStep& step);

}  // namespace graft
