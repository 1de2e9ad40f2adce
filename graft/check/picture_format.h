// The format of an image file by its first bytes, and whether its ending matches.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace graft {

enum class PictureFormat : std::uint8_t { unknown, jpeg, png, webp, tiff, bmp, pnm };

// "JPEG", "PNG", …; "unknown".
const char* to_string(PictureFormat format);

PictureFormat picture_format(std::span<const std::uint8_t> bytes);

// Whether a file of this name may have this format, for graft's picture endings; true for any other ending.
bool ending_fits(const std::string& name, PictureFormat format);

// Whether the file holds transparency: determined for PNG and WebP, false for others.
bool has_transparency(std::span<const std::uint8_t> bytes);

// Whether the file holds inks (CMYK, YCCK) instead of red, green and blue: determined for JPEG, false for
// others.
bool has_inks(std::span<const std::uint8_t> bytes);

}  // namespace graft
