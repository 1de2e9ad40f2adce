// A camera's EXIF orientation, and pictures turned and mirrored as it asks.
#pragma once

#include <cstdint>
#include <span>

#include "graft/image/image.h"

namespace graft {

// `exif` is a TIFF header with its directory, with or without "Exif\0\0" before it. Gives the orientation of
// the first directory, or 1 when there is none or the data are damaged: a picture is not refused for its
// notes.
int exif_orientation(std::span<const std::uint8_t> exif);

// orientation: 1–8 as in EXIF 2.3, 4.6.4 A (1: as it is; 6: a quarter turn clockwise). Any other value leaves
// the picture as it is, as PIL.ImageOps.exif_transpose does.
Image oriented(Image image, int orientation);

// Whether height and width change places.
bool swaps_sides(int orientation);

// Where a rectangle of a picture of this size comes to lie when the picture is turned so.
Box oriented(const Box& box, const Size& picture, int orientation);

// The rectangle of the stored picture that is `turned` after the turn.
Window stored_window(const Window& turned, const Size& stored, int orientation);

}  // namespace graft
