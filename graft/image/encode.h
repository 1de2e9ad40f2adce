// Pixels → bytes of an image file. Throws UsageError for an empty picture.
#pragma once

#include <string>

#include "graft/image/image.h"

namespace graft {

// 8-bit RGB, marked as sRGB.
std::string encode_png(const ImageView& image);
// quality: 1–100, as libjpeg's; colours at half resolution (4:2:0), as Pillow's default. Sides of at most
// 65500 pixels.
std::string encode_jpeg(const ImageView& image, int quality = 90);

}  // namespace graft
