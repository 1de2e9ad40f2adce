// The formats that graft parses itself: BMP, and PNM of any of its six kinds.
#include "fuzz/target.h"
#include "graft/image/formats.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bool pnm = size > 0 && data[0] == 'P';
  graft::fuzz::Bytes bytes = graft::fuzz::with_start({data, size}, pnm ? "P" : "BM");
  bytes.resize(bytes.size() < 2 ? 2 : bytes.size());
  if (pnm && (bytes[1] < '1' || bytes[1] > '6')) bytes[1] = static_cast<std::uint8_t>('1' + bytes[1] % 6);
  graft::fuzz::survives([&] {
    const graft::EncodedImage file{bytes, "x", graft::fuzz::max_pixels};
    graft::fuzz::look_at((pnm ? graft::decode_pnm(file) : graft::decode_bmp(file)).pixels);
  });
  return 0;
}
