// TIFF: strips, tiles, planes and every compression that this libtiff has.
#include "fuzz/target.h"
#include "graft/image/formats.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bool big_endian = size > 0 && data[0] == 'M';
  const bool big = size > 3 && (data[2] == '+' || data[3] == '+');  // BigTIFF
  using std::string_view_literals::operator""sv;
  const auto bytes = graft::fuzz::with_start(
      {data, size}, big_endian ? (big ? "MM\0+"sv : "MM\0*"sv) : (big ? "II+\0"sv : "II*\0"sv));
  graft::fuzz::survives([&] {
    graft::fuzz::look_at(graft::decode_tiff({bytes, "x.tif", graft::fuzz::max_pixels}).pixels);
  });
  return 0;
}
