// torchvision.transforms.functional.adjust_hue on PIL images (by Pillow's 8-bit HSV), equal in every 8-bit
// value.
#pragma once

#include "graft/image/image.h"

namespace graft {

// Turns the hue of every pixel, in place, by this share of the whole circle. Shift 0 too rounds to HSV and
// back, as torchvision does. Thread-safe. Throws UsageError for a shift outside −0.5 to 0.5.
void adjust_hue(Image& image, double shift);

}  // namespace graft
