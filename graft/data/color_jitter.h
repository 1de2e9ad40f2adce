// Random brightness, contrast, saturation and hue, as torchvision.transforms.ColorJitter.
#pragma once

#include <array>
#include <optional>

#include "graft/core/random.h"
#include "graft/data/preprocess.h"
#include "graft/image/image.h"

namespace graft {

enum class JitterStep { brightness, contrast, saturation, hue };

struct ColorJitter {
  std::array<JitterStep, 4> order = {JitterStep::brightness, JitterStep::contrast, JitterStep::saturation,
                                     JitterStep::hue};
  // Changes without a value are skipped.
  std::optional<double> brightness, contrast, saturation, hue;
};

// ColorJitter.get_params: each value uniform in its range from options.jitter_…, the order random.
ColorJitter draw_color_jitter(const AugmentOptions& options, Random& random);

// In place, equal in every 8-bit value to torchvision on PIL images. Throws UsageError for a factor below 0
// or a hue outside −0.5 to 0.5.
void apply_color_jitter(Image& image, const ColorJitter& jitter);

}  // namespace graft
