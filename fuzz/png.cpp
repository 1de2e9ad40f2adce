// PNG, oriented by EXIF, without alpha and over white. Checksums other than 0 are corrected first: otherwise
// hardly any mutation would reach the code that reads the chunks.
#include <zlib.h>

#include "fuzz/target.h"
#include "graft/image/codec.h"

namespace {

std::size_t big_endian(const std::uint8_t* bytes) {
  return std::size_t{bytes[0]} << 24 | std::size_t{bytes[1]} << 16 | std::size_t{bytes[2]} << 8 | bytes[3];
}

void repair_checksums(graft::fuzz::Bytes& png) {
  for (std::size_t at = 8; png.size() - at >= 12;) {
    const std::size_t length = big_endian(&png[at]);
    if (length > png.size() - at - 12) return;
    std::uint8_t* sum = &png[at + 8 + length];
    const auto right = ::crc32_z(0, &png[at + 4], length + 4);
    if (big_endian(sum) != 0) {
      for (int i = 0; i < 4; ++i) sum[i] = static_cast<std::uint8_t>(right >> (24 - 8 * i) & 0xff);
    }
    at += length + 12;
  }
}

}  // namespace

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  auto bytes = graft::fuzz::with_start(input, "\x89PNG\r\n\x1a\n");
  repair_checksums(bytes);
  for (const char* alpha : {"drop", "white"}) {
    graft::fuzz::survives([&] {
      graft::fuzz::look_at(graft::decode_image(
          bytes, "x.png", {.exif = true, .alpha = alpha, .max_pixels = graft::fuzz::max_pixels}));
    });
  }
}
