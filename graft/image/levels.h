// Changes of the values of each channel by itself: torchvision.transforms.functional's functions of these
// names on PIL images (Pillow's ImageOps), equal in every 8-bit value. Each changes the picture in place.
// Thread-safe.
#pragma once

#include "graft/image/image.h"

namespace graft {

// Keeps this many of the 8 bits of each value; throws UsageError unless 1 to 8.
void posterize(Image& image, int bits);
// Values at or above the threshold become 255 − value.
void solarize(Image& image, double threshold);
// Stretches each channel so that its least value becomes 0 and its largest 255.
void autocontrast(Image& image);
// Spreads the values of each channel so that all are about equally frequent.
void equalize(Image& image);

}  // namespace graft
