// Pixels that a program has in memory: from a camera, OpenCV, or a decoder of its own.
#pragma once

#include <string>

#include "graft/image/decode.h"
#include "graft/image/image.h"

namespace graft {

// Throws Error that names `name` unless the view shows pixels: data is not null, height and width are 1 or
// more, there are at most `max_pixels`, and a row of 3 × width bytes fits into the stride.
void check_pixels(const ImageView& pixels, const std::string& name,
                  std::uint64_t max_pixels = DecodeOptions().max_pixels);

// The same picture in RGB.
Image bgr_to_rgb(const ImageView& bgr);

}  // namespace graft
