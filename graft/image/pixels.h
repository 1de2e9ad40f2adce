// Pixels in a program's memory: from a camera, OpenCV or another decoder.
#pragma once

#include <string>

#include "graft/image/codec.h"
#include "graft/image/image.h"

namespace graft {

// Throws Error, which names `name`, unless the view is valid: data is not null, height and width are at least
// 1, there are at most `max_pixels` pixels, and a row of 3 × width bytes fits into the stride.
void check_pixels(const ImageView& pixels, const std::string& name,
                  std::uint64_t max_pixels = DecodeOptions().max_pixels);

// The same image in RGB.
Image bgr_to_rgb(const ImageView& bgr);

}  // namespace graft
