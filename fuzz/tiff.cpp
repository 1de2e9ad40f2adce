// TIFF: strips, tiles, planes and every compression of the installed libtiff.
#include "fuzz/target.h"
#include "graft/image/formats.h"

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  const bool big_endian = input.size() > 0 && input[0] == 'M';
  const bool big = input.size() > 3 && (input[2] == '+' || input[3] == '+');  // BigTIFF
  using std::string_view_literals::operator""sv;
  const auto bytes = graft::fuzz::with_start(
      input, big_endian ? (big ? "MM\0+"sv : "MM\0*"sv) : (big ? "II+\0"sv : "II*\0"sv));
  for (const auto& background : {std::optional<graft::Color>(), std::optional(graft::Color{})}) {
    graft::fuzz::survives([&] {
      graft::fuzz::look_at(graft::decode_tiff({bytes, "x.tif", graft::fuzz::max_pixels, background}).pixels);
    });
  }
}
