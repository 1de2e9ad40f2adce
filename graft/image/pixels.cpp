#include "graft/image/pixels.h"

#include <limits>

#include "graft/core/error.h"

namespace graft {

void check_pixels(const ImageView& pixels, const std::string& name, std::uint64_t max_pixels) {
  const std::string size = std::to_string(pixels.width) + " x " + std::to_string(pixels.height);
  if (pixels.data == nullptr || pixels.width < 1 || pixels.height < 1)
    throw Error(name, "has no pixels (" + size + ")");
  const auto width = static_cast<std::uint64_t>(pixels.width),
             height = static_cast<std::uint64_t>(pixels.height);
  if (width * height > max_pixels)
    throw Error(name, "has " + size + " pixels, more than " + std::to_string(max_pixels));
  if (pixels.stride > std::numeric_limits<std::size_t>::max() / 2 / height)
    throw Error(name, "has a stride of " + std::to_string(pixels.stride) + " bytes, which is out of range",
                "the stride is the number of bytes from one row to the next, and cannot be negative");
  if (pixels.stride < width * Image::channels)
    throw Error(name,
                "has a stride of " + std::to_string(pixels.stride) + " bytes, less than a row of " +
                    std::to_string(width) + " pixels",
                "the stride is the number of bytes from one row to the next");
}

Image bgr_to_rgb(const ImageView& bgr) {
  Image rgb(bgr.height, bgr.width);
  for (int y = 0; y < bgr.height; ++y) {
    const std::uint8_t* from = bgr.row(y);
    std::uint8_t* to = rgb.row(y);
    for (int x = 0; x < bgr.width; ++x, from += Image::channels, to += Image::channels) {
      to[0] = from[2];
      to[1] = from[1];
      to[2] = from[0];
    }
  }
  return rgb;
}

}  // namespace graft
