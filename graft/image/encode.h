// Pixels → bytes of an image file.
#pragma once

#include <string>

#include "graft/image/image.h"

namespace graft {

std::string encode_png(const ImageView& image);
// quality: 1–100, as libjpeg's.
std::string encode_jpeg(const ImageView& image, int quality = 90);

}  // namespace graft
