// JPEG: the whole image and parts, at full size and shrunk. The last byte, which hardly any JPEG uses,
// selects.
#include <algorithm>

#include "fuzz/target.h"
#include "graft/image/open_image.h"

namespace {

using graft::Size;
using graft::Window;

// A half or a quarter of the image at a chosen position.
Window part_of(const Size& size, unsigned choice) {
  const int height = std::max(size.height / 2, 1), width = std::max(size.width >> (choice & 1 ? 2 : 1), 1);
  return {(choice & 2) != 0 ? size.height - height : 0, (choice & 4) != 0 ? size.width - width : 0, height,
          width};
}

}  // namespace

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  const auto bytes = graft::fuzz::with_start(input, "\xff\xd8\xff");
  const unsigned choice = bytes.back();
  graft::fuzz::survives([&] {
    graft::OpenImage picture(bytes, "x.jpg",
                             {.exif = (choice & 4) != 0, .max_pixels = graft::fuzz::max_pixels});
    const Size whole = picture.size();
    const Window part =
        (choice & 8) != 0 ? part_of(whole, choice >> 4) : Window{0, 0, whole.height, whole.width};
    graft::fuzz::look_at(picture.decode(part, 1 << (choice & 3)).pixels);
  });
}
