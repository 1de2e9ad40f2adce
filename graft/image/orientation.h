// Turning and mirroring a picture as a camera's EXIF orientation asks.
#pragma once

#include "graft/image/image.h"

namespace graft {

// orientation: 1–8 as in EXIF 2.3, 4.6.4 A (1: as it is; 6: a quarter turn clockwise). Any other value leaves
// the picture as it is, as PIL.ImageOps.exif_transpose does.
Image oriented(Image image, int orientation);

}  // namespace graft
