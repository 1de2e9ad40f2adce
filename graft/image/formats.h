// What decode.cpp hands to the decoders, and what they give back. Internal: one decoder a file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "graft/image/alpha.h"
#include "graft/image/decode.h"
#include "graft/image/image.h"

namespace graft {

struct EncodedImage {
  std::span<const std::uint8_t> bytes;  // the whole file
  std::string name;                     // for messages
  std::uint64_t max_pixels;
  std::optional<Color> background = {};  // what shows through transparent pixels; empty: alpha is left out
};

struct DecodedImage {
  Image pixels;
  int orientation = 1;  // as the file's EXIF data says (orientation.h); not yet applied
};

// Each expects that the bytes begin with its format's signature, and throws Error for what is not a whole
// picture. Called from any thread.
DecodedImage decode_png(const EncodedImage& file);
DecodedImage decode_webp(const EncodedImage& file);
DecodedImage decode_tiff(const EncodedImage& file);
DecodedImage decode_bmp(const EncodedImage& file);
DecodedImage decode_pnm(const EncodedImage& file);

// Pixels as they are stored, not turned.
struct StoredPart {
  Image pixels;
  int top = 0, left = 0;  // of the first pixel in the picture, after shrinking
};

// A picture whose header has been read. For one thread.
class ImageSource {
 public:
  virtual ~ImageSource() = default;
  virtual Size size() const = 0;  // as stored
  virtual int orientation() const = 0;
  // Whether decode() can shrink by 2, 4 and 8.
  virtual bool can_shrink() const = 0;
  // At least the pixels of `part` (of size()), each the mean of shrink × shrink or near it. Once.
  virtual StoredPart decode(const Window& part, int shrink) = 0;
};

// Whatever the format is. Formats but JPEG are decoded here.
std::unique_ptr<ImageSource> open_source(std::span<const std::uint8_t> bytes, const std::string& name,
                                         const DecodeOptions& options);
std::unique_ptr<ImageSource> open_jpeg(const EncodedImage& file);

// Throws the Error of a picture that cannot be used, with the advice to replace it.
[[noreturn]] void refuse(const EncodedImage& file, const std::string& problem);

// Throws when a size in a header is zero, or above max_pixels.
void check_size(const EncodedImage& file, std::uint64_t height, std::uint64_t width);

// An Image of that size, checked before any memory is taken.
Image new_image(const EncodedImage& file, std::uint64_t height, std::uint64_t width);

}  // namespace graft
