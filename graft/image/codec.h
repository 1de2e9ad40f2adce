// Bytes of an image file → pixels, equal to Pillow's Image.open(...).convert("RGB"), or over a background to
// its alpha_composite; and pixels → bytes of a PNG or JPEG file.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "graft/core/option.h"
#include "graft/image/image.h"

namespace graft {

// exact: Pillow's pixels. fast: a JPEG much larger than the network's input is shrunk while it is decoded and
// keeps at least twice the input's pixels on either side. Smaller JPEGs and other formats are the same in
// both modes.
enum class DecodeMode { exact, fast };
template <>
struct EnumNames<DecodeMode> {
  static constexpr std::array<const char*, 2> names = {"exact", "fast"};
};

struct DecodeOptions {
  // Rotate and mirror the image by its EXIF orientation (PIL.ImageOps.exif_transpose). Off by default, as in
  // torchvision. TIFF files are always oriented, as in Pillow. The orientation in XMP data is not read.
  bool exif = false;
  // Transparency: "drop" leaves out the alpha channel and keeps the colours under it (convert("RGB"), as
  // torchvision does); any other value is the background colour (alpha.h).
  std::string alpha = "drop";
  // Refuse images of more pixels than this before memory is allocated. The default is Pillow's limit (twice
  // its MAX_IMAGE_PIXELS).
  std::uint64_t max_pixels = 178'956'970;
  // Whether a large JPEG may be shrunk while decoding if a pipeline resizes it anyway. decode_image and
  // read_image return every pixel in both modes.
  DecodeMode decode = DecodeMode::exact;
};
inline constexpr auto decode_options = options_of<DecodeOptions>(
    option<&DecodeOptions::exif>("rotate pictures by their EXIF orientation"),
    option<&DecodeOptions::alpha>("background of transparent pixels: white, black, a colour (#ffcc00), "
                                  "or drop: the colours under them, as torchvision"),
    option<&DecodeOptions::max_pixels>(1, 1e12, "refuse larger pictures"),
    option<&DecodeOptions::decode>("exact: Pillow's pixels; fast: shrink large JPEGs while decoding them"));

// The first bytes determine the format, never the file's name: JPEG, PNG, WebP, TIFF, BMP, PNM (P1–P6). Reads
// the first image of a file with several. 16-bit colours keep their high byte; 16-bit and wider grey values
// are clamped to 255 (all as Pillow's convert).
//
// Throws UsageError if `alpha` is not a colour. Throws Error, with `name` in its message, for anything that
// is not a complete image of a supported format: for everything that Pillow refuses, and for a PNG whose
// pixel data has a wrong or missing checksum. Thread-safe.
Image decode_image(std::span<const std::uint8_t> bytes, const std::string& name,
                   const DecodeOptions& options = {});

// Larger files are refused.
inline constexpr std::uint64_t max_file_bytes = 1ULL << 30;

// Reads and decodes a file (of at most max_file_bytes).
Image read_image(const std::filesystem::path& path, const DecodeOptions& options = {});

// Both throw UsageError for an empty image.

// 8-bit RGB, marked as sRGB. Both formats are marked as drawn by graft ("Software", the comment).
std::string encode_png(const ImageView& image);
// quality: 1–100 (libjpeg's scale); chroma at half resolution (4:2:0), Pillow's default. Sides of at most
// 65500 pixels.
std::string encode_jpeg(const ImageView& image, int quality = 90);

// Whether the file that begins with `head`, its first 512 bytes, was written by these functions.
bool is_drawn_by_graft(std::string_view head);

}  // namespace graft
