// Pixels → bytes of an image file. Throws UsageError for an empty picture.
#pragma once

#include <string>
#include <string_view>

#include "graft/image/image.h"

namespace graft {

// 8-bit RGB, marked as sRGB. This and the JPEG say that graft drew them ("Software" and the comment).
std::string encode_png(const ImageView& image);
// quality: 1–100, as libjpeg's; colours at half resolution (4:2:0), as Pillow's default. Sides of at most
// 65500 pixels.
std::string encode_jpeg(const ImageView& image, int quality = 90);

// Whether the file that begins with `head`, its first 512 bytes, came from these functions.
bool is_drawn_by_graft(std::string_view head);

}  // namespace graft
