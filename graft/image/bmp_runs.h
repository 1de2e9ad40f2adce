// BMP's run-length encodings, RLE8 and RLE4.
#pragma once

#include <cstdint>
#include <span>

#include "graft/image/byte_cursor.h"

namespace graft {

// Decodes the palette indices of an image `width` pixels wide, in file order, into `indices`. False if the
// codes end before `indices` is full.
bool unpack_bmp_runs(ByteCursor& reader, bool four_bits, std::size_t width, std::span<std::uint8_t> indices);

}  // namespace graft
