#include "graft/image/orientation.h"

#include <cstring>

namespace graft {

Image oriented(Image image, int orientation) {
  if (orientation < 2 || orientation > 8) return image;
  // Output (y, x) comes from input (y, x), or (x, y) when swapped, counted from the other end when mirrored.
  const bool swapped = orientation >= 5;
  const bool mirror_rows = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const bool mirror_columns = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  Image out(swapped ? image.width() : image.height(), swapped ? image.height() : image.width());
  for (int y = 0; y < out.height(); ++y) {
    std::uint8_t* to = out.row(y);
    for (int x = 0; x < out.width(); ++x, to += 3) {
      const int row = swapped ? x : y;
      const int column = swapped ? y : x;
      const std::uint8_t* from = image.row(mirror_rows ? image.height() - 1 - row : row);
      std::memcpy(
          to, from + static_cast<std::size_t>(mirror_columns ? image.width() - 1 - column : column) * 3, 3);
    }
  }
  return out;
}

}  // namespace graft
