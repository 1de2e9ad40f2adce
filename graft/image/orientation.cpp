#include "graft/image/orientation.h"

#include <cstring>

namespace graft {

namespace {

// Output (y, x) is input (y, x), or (x, y) if swapped, counted from the other end if mirrored.
struct Turn {
  explicit Turn(int orientation)
      : swapped(orientation >= 5 && orientation <= 8),
        mirror_rows(orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7),
        mirror_columns(orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) {}

  bool swapped, mirror_rows, mirror_columns;
};

}  // namespace

Image oriented(Image image, int orientation) {
  if (orientation < 2 || orientation > 8) return image;
  const Turn turn(orientation);
  Image out(turn.swapped ? image.width() : image.height(), turn.swapped ? image.height() : image.width());
  for (int y = 0; y < out.height(); ++y) {
    std::uint8_t* to = out.row(y);
    for (int x = 0; x < out.width(); ++x, to += 3) {
      const int row = turn.swapped ? x : y;
      const int column = turn.swapped ? y : x;
      const std::uint8_t* from = image.row(turn.mirror_rows ? image.height() - 1 - row : row);
      std::memcpy(
          to, from + static_cast<std::size_t>(turn.mirror_columns ? image.width() - 1 - column : column) * 3,
          3);
    }
  }
  return out;
}

bool swaps_sides(int orientation) { return Turn(orientation).swapped; }

Box oriented(const Box& box, const Size& picture, int orientation) {
  const Turn turn(orientation);
  Box out = box;
  if (turn.mirror_rows) out.top = picture.height - (box.top + box.height);
  if (turn.mirror_columns) out.left = picture.width - (box.left + box.width);
  return turn.swapped ? Box{out.left, out.top, out.width, out.height} : out;
}

Window stored_window(const Window& turned, const Size& stored, int orientation) {
  const Turn turn(orientation);
  Window out = turn.swapped ? Window{turned.left, turned.top, turned.width, turned.height} : turned;
  if (turn.mirror_rows) out.top = stored.height - (out.top + out.height);
  if (turn.mirror_columns) out.left = stored.width - (out.left + out.width);
  return out;
}

}  // namespace graft
