// What decode.cpp hands to the decoders, and what they give back. Internal: one decoder a file.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "graft/image/image.h"

namespace graft {

struct EncodedImage {
  std::span<const std::uint8_t> bytes;
  const std::string& name;  // for messages
  std::uint64_t max_pixels;
};

struct DecodedImage {
  Image pixels;
  int orientation = 1;  // as the file's EXIF data says (exif.h); not yet applied
};

// Each expects that the bytes begin with its format's signature, and throws Error for what is not a whole
// picture. Called from any thread.
DecodedImage decode_jpeg(const EncodedImage& file);
DecodedImage decode_png(const EncodedImage& file);
DecodedImage decode_webp(const EncodedImage& file);
DecodedImage decode_tiff(const EncodedImage& file);
DecodedImage decode_bmp(const EncodedImage& file);
DecodedImage decode_pnm(const EncodedImage& file);

// Throws the Error of a picture that cannot be used, with the advice to replace it.
[[noreturn]] void refuse(const EncodedImage& file, const std::string& problem);

// Throws when a size that a header tells is zero, or above max_pixels.
void check_size(const EncodedImage& file, std::uint64_t height, std::uint64_t width);

// An Image of that size, checked before any memory is taken.
Image new_image(const EncodedImage& file, std::uint64_t height, std::uint64_t width);

}  // namespace graft
