// Brightness, colour, contrast and sharpness: torchvision.transforms.functional.adjust_* on PIL images
// (Pillow's ImageEnhance), equal in every 8-bit value.
//
// Each changes the picture in place. Factor 1 leaves it as it is, 0 takes the quality away, more than 1 gives
// more of it. Thread-safe. Throws UsageError for a factor that is not a number from 0 to largest_factor.
#pragma once

#include "graft/image/image.h"

namespace graft {

inline constexpr double largest_factor = 1e6;

// 0: black.
void adjust_brightness(Image& image, double factor);
// 0: grey.
void adjust_saturation(Image& image, double factor);
// 0: one grey, that of the mean.
void adjust_contrast(Image& image, double factor);
// 0: smoothed (a 3 × 3 filter; pixels at the edge stay).
void adjust_sharpness(Image& image, double factor);

}  // namespace graft
