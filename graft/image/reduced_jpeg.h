// JPEGs decoded straight to a half, a quarter or an eighth of their size: several times faster than libjpeg,
// which decodes and keeps every frequency of every block, where a small picture needs but the lowest.
//
// It decides nothing about files: whatever is unusual or wrong in one it leaves to libjpeg, and it looks at
// every code of a file before it gives a pixel, so that what it gives does not depend on the part.
#pragma once

#include <optional>

#include "graft/image/image.h"
#include "graft/image/jpeg_scan.h"

namespace graft {

// Exactly `part` of the picture shrunk by 2, 4 or 8 (whose sides are rounded up). Nothing where the file is
// not a common one (grey or YCbCr, sampling factors of 1 and 2) that is whole and free of damage.
// Thread-safe.
std::optional<Image> decode_reduced(const JpegScan& scan, const Window& part, int shrink);

}  // namespace graft
