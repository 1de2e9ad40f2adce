// The formats that graft parses itself: BMP, and the six kinds of PNM.
#include "fuzz/target.h"
#include "graft/image/formats.h"

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  const bool pnm = input.size() > 0 && input[0] == 'P';
  graft::fuzz::Bytes bytes = graft::fuzz::with_start(input, pnm ? "P" : "BM");
  bytes.resize(bytes.size() < 2 ? 2 : bytes.size());
  if (pnm && (bytes[1] < '1' || bytes[1] > '6')) bytes[1] = static_cast<std::uint8_t>('1' + bytes[1] % 6);
  graft::fuzz::survives([&] {
    const graft::EncodedImage file{bytes, "x", graft::fuzz::max_pixels, graft::Color{}};
    graft::fuzz::look_at((pnm ? graft::decode_pnm(file) : graft::decode_bmp(file)).pixels);
  });
}
