// The one thing graft wants from EXIF data: how the camera was held.
#pragma once

#include <cstdint>
#include <span>

namespace graft {

// `exif` is a TIFF header with its directory, with or without "Exif\0\0" before it. Gives the orientation of
// the first directory, or 1 when there is none or the data are damaged: a picture is not refused for its
// notes.
int exif_orientation(std::span<const std::uint8_t> exif);

}  // namespace graft
