#include "graft/image/image.h"

#include <cstring>

namespace graft {

Image::Image(int height, int width)
    : height_(height),
      width_(width),
      pixels_(
          new std::uint8_t[static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * channels]) {}

Image Image::clone() const {
  Image copy(height_, width_);
  std::memcpy(copy.data(), data(), size_bytes());
  return copy;
}

}  // namespace graft
