// The run-length codings of BMP, RLE8 and RLE4.
#pragma once

#include <cstdint>
#include <span>

#include "graft/image/byte_cursor.h"

namespace graft {

// Palette indices of a picture `width` pixels wide, in the order of the file, into `indices`. False when the
// codes end before the picture is full.
bool unpack_bmp_runs(ByteCursor& reader, bool four_bits, std::size_t width, std::span<std::uint8_t> indices);

}  // namespace graft
