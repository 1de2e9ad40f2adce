// What a picture file is by its first bytes, and whether its ending says the same.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace graft {

enum class PictureFormat : std::uint8_t { unknown, jpeg, png, webp, tiff, bmp, pnm };

// "JPEG", "PNG", …; "unknown".
const char* to_string(PictureFormat format);

PictureFormat picture_format(std::span<const std::uint8_t> bytes);

// Whether a file of this name may be of this format, as far as graft's picture endings go: true for a name
// that ends otherwise, which promises nothing.
bool ending_fits(const std::string& name, PictureFormat format);

// Whether the file holds transparency: known for PNG and WebP, false for others.
bool has_transparency(std::span<const std::uint8_t> bytes);

// Whether the file holds inks (CMYK, YCCK) in place of red, green and blue: known for JPEG, false for others.
bool has_inks(std::span<const std::uint8_t> bytes);

}  // namespace graft
