// WebP: still and animated, lossy and lossless. The length in the file is corrected unless it is absurd.
#include <algorithm>

#include "fuzz/target.h"
#include "graft/image/formats.h"

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  graft::fuzz::Bytes bytes = graft::fuzz::with_start(input, "RIFF");
  bytes.resize(std::max<std::size_t>(bytes.size(), 12));
  std::copy_n("WEBP", 4, bytes.begin() + 8);
  for (std::size_t i = 0; bytes[7] < 0x80 && i < 4; ++i) {
    bytes[4 + i] = static_cast<std::uint8_t>((bytes.size() - 8) >> (8 * i) & 0xff);
  }
  graft::fuzz::survives([&] {
    graft::fuzz::look_at(
        graft::decode_webp({bytes, "x.webp", graft::fuzz::max_pixels, graft::Color{}}).pixels);
  });
}
