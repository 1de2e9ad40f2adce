// Pixels → bytes of an image file. Throws UsageError for an empty image.
#pragma once

#include <string>
#include <string_view>

#include "graft/image/image.h"

namespace graft {

// 8-bit RGB, marked as sRGB. Both formats are marked as drawn by graft ("Software", the comment).
std::string encode_png(const ImageView& image);
// quality: 1–100 (libjpeg's scale); chroma at half resolution (4:2:0), Pillow's default. Sides of at most
// 65500 pixels.
std::string encode_jpeg(const ImageView& image, int quality = 90);

// Whether the file that begins with `head`, its first 512 bytes, was written by these functions.
bool is_drawn_by_graft(std::string_view head);

}  // namespace graft
