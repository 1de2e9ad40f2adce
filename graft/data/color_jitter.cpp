#include "graft/data/color_jitter.h"

#include <algorithm>
#include <utility>

#include "graft/image/pixel_ops.h"

namespace graft {
namespace {

std::optional<double> factor(double amount, Random& random) {
  if (amount == 0) return std::nullopt;
  return random.uniform(std::max(0.0, 1 - amount), 1 + amount);
}

}  // namespace

ColorJitter draw_color_jitter(const AugmentOptions& options, Random& random) {
  ColorJitter jitter;
  for (std::size_t i = jitter.order.size(); i > 1; --i)
    std::swap(jitter.order[i - 1], jitter.order[random.below(i)]);
  jitter.brightness = factor(options.jitter_brightness, random);
  jitter.contrast = factor(options.jitter_contrast, random);
  jitter.saturation = factor(options.jitter_saturation, random);
  if (options.jitter_hue != 0) jitter.hue = random.uniform(-options.jitter_hue, options.jitter_hue);
  return jitter;
}

void apply_color_jitter(Image& image, const ColorJitter& jitter) {
  const auto apply = [&](void (*change)(Image&, double), const std::optional<double>& value) {
    if (value) change(image, *value);
  };
  for (const JitterStep step : jitter.order) {
    switch (step) {
      case JitterStep::brightness:
        apply(adjust_brightness, jitter.brightness);
        break;
      case JitterStep::contrast:
        apply(adjust_contrast, jitter.contrast);
        break;
      case JitterStep::saturation:
        apply(adjust_saturation, jitter.saturation);
        break;
      case JitterStep::hue:
        apply(adjust_hue, jitter.hue);
        break;
    }
  }
}

}  // namespace graft
