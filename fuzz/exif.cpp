// EXIF data: an orientation from 1 to 8, whatever the bytes.
#include "graft/image/exif.h"

#include "fuzz/target.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const graft::fuzz::Bytes exact(data, data + size);  // so that a sanitizer sees a read past the end
  const int orientation = graft::exif_orientation(exact);
  if (orientation < 1 || orientation > 8) graft::fuzz::finding("an orientation that is none");
  return 0;
}
