// A camera's EXIF orientation, and rotating and mirroring images by it.
#pragma once

#include <cstdint>
#include <span>

#include "graft/image/image.h"

namespace graft {

// `exif` is a TIFF header with its directory, with or without "Exif\0\0" before it. Returns the orientation
// in the first directory, or 1 if there is none or the data is damaged: an image is not refused for its
// metadata.
int exif_orientation(std::span<const std::uint8_t> exif);

// orientation: 1–8 as in EXIF 2.3, 4.6.4 A (1: unchanged; 6: a quarter turn clockwise). Any other value
// leaves the image unchanged, as PIL.ImageOps.exif_transpose does.
Image oriented(Image image, int orientation);

// Whether height and width are swapped.
bool swaps_sides(int orientation);

// A rectangle of an image of this size after the image is oriented.
Box oriented(const Box& box, const Size& picture, int orientation);

// The rectangle of the stored image that becomes `turned` after orienting.
Window stored_window(const Window& turned, const Size& stored, int orientation);

}  // namespace graft
