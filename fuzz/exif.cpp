// EXIF data: an orientation from 1 to 8, whatever the bytes.
#include "graft/image/orientation.h"

#include "fuzz/target.h"

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  const int orientation = graft::exif_orientation(input);
  if (orientation < 1 || orientation > 8) graft::fuzz::finding("an invalid orientation");
}
