// The interface between decode.cpp and the decoders, one file each. Internal.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "graft/image/alpha.h"
#include "graft/image/codec.h"
#include "graft/image/image.h"

namespace graft {

struct EncodedImage {
  std::span<const std::uint8_t> bytes;  // the whole file
  std::string name;                     // for messages
  std::uint64_t max_pixels;
  std::optional<Color> background = {};  // behind transparent pixels; empty: alpha is dropped
};

struct DecodedImage {
  Image pixels;
  int orientation = 1;  // from the file's EXIF data (orientation.h); not yet applied
};

// Each requires that the bytes begin with its format's signature, and throws Error for anything that is not a
// complete image. Thread-safe.
DecodedImage decode_png(const EncodedImage& file);
DecodedImage decode_webp(const EncodedImage& file);
DecodedImage decode_tiff(const EncodedImage& file);
DecodedImage decode_bmp(const EncodedImage& file);
DecodedImage decode_pnm(const EncodedImage& file);

// Pixels as stored, not oriented.
struct StoredPart {
  Image pixels;
  int top = 0, left = 0;  // of the first pixel in the image, after shrinking
};

// An image whose header has been read. For one thread.
class ImageSource {
 public:
  virtual ~ImageSource() = default;
  virtual Size size() const = 0;  // as stored
  virtual int orientation() const = 0;
  // Whether decode() can shrink by 2, 4 and 8.
  virtual bool can_shrink() const = 0;
  // At least the pixels of `part` (within size()), each about the mean of shrink × shrink. Call once.
  virtual StoredPart decode(const Window& part, int shrink) = 0;
};

// For any format. Formats other than JPEG are decoded at once.
std::unique_ptr<ImageSource> open_source(std::span<const std::uint8_t> bytes, const std::string& name,
                                         const DecodeOptions& options);
std::unique_ptr<ImageSource> open_jpeg(const EncodedImage& file);

// Throws std::bad_alloc if this is the message of a library that had no memory.
void throw_if_out_of_memory(std::string_view message);

// Throws the Error for a damaged image, with the advice to replace it.
[[noreturn]] void refuse(const EncodedImage& file, const std::string& problem);
// Throws the Error for an intact image of a kind that graft does not read, with the advice to convert it.
[[noreturn]] void refuse_kind(const EncodedImage& file, const std::string& problem);

// Throws if a header's size is zero or above max_pixels.
void check_size(const EncodedImage& file, std::uint64_t height, std::uint64_t width);

// An Image of that size, checked before memory is allocated.
Image new_image(const EncodedImage& file, std::uint64_t height, std::uint64_t width);

}  // namespace graft
