#include "graft/data/augment_ops.h"

#include <cmath>
#include <utility>

#include "graft/image/pixel_ops.h"

namespace graft {
namespace {

template <class Change, class... Arguments>
Image changed(Image image, const Change& change, Arguments... arguments) {
  change(image, arguments...);
  return image;
}

// torch's kernel: from the nearer end in float32, with product and sum rounded once, as a fused multiply-add
// does. TranslateX's bin 15 of TrivialAugment is therefore 15.999999, which is 15 pixels.
float linspace(float first, float last, int bin) {
  const float step = (last - first) / static_cast<float>(magnitude_bins - 1);
  if (bin < magnitude_bins / 2) return std::fma(step, static_cast<float>(bin), first);
  return std::fma(-step, static_cast<float>(magnitude_bins - 1 - bin), last);
}

}  // namespace

double magnitude_at(AugmentOp op, const MagnitudeRange& range, int bin) {
  const float value = linspace(static_cast<float>(range.first), static_cast<float>(range.last), bin);
  return op == AugmentOp::posterize ? std::nearbyint(value) : value;
}

AugmentOp draw_op(Random& random) { return static_cast<AugmentOp>(random.below(augment_op_count)); }

AugmentStep draw_step(AugmentOp op, const MagnitudeRange& range, int bin, Random& random) {
  const double magnitude = magnitude_at(op, range, bin);
  const bool negative = range.either_sign && random.below(2) == 1;
  return {op, negative ? -magnitude : magnitude};
}

Image apply_step(Image image, const AugmentStep& step) {
  const double magnitude = step.magnitude;
  switch (step.op) {
    case AugmentOp::identity:
      return image;
    case AugmentOp::shear_x:
      return shear_x(image.view(), magnitude);
    case AugmentOp::shear_y:
      return shear_y(image.view(), magnitude);
    case AugmentOp::translate_x:
      return translate(image.view(), static_cast<int>(magnitude), 0);
    case AugmentOp::translate_y:
      return translate(image.view(), 0, static_cast<int>(magnitude));
    case AugmentOp::rotate:
      return rotate(image.view(), magnitude);
    case AugmentOp::brightness:
      return changed(std::move(image), adjust_brightness, 1.0 + magnitude);
    case AugmentOp::color:
      return changed(std::move(image), adjust_saturation, 1.0 + magnitude);
    case AugmentOp::contrast:
      return changed(std::move(image), adjust_contrast, 1.0 + magnitude);
    case AugmentOp::sharpness:
      return changed(std::move(image), adjust_sharpness, 1.0 + magnitude);
    case AugmentOp::posterize:
      return changed(std::move(image), posterize, static_cast<int>(magnitude));
    case AugmentOp::solarize:
      return changed(std::move(image), solarize, magnitude);
    case AugmentOp::auto_contrast:
      return changed(std::move(image), autocontrast);
    case AugmentOp::equalize:
      return changed(std::move(image), equalize);
  }
  return image;
}

}  // namespace graft
