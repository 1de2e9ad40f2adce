// Bytes of an image file → pixels, equal to Pillow's Image.open(...).convert("RGB"), or over a background to
// its alpha_composite.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "graft/core/option.h"
#include "graft/image/image.h"

namespace graft {

// exact: the pixels of Pillow. fast: a JPEG much larger than what the network sees is shrunk while it is
// decoded, so that it keeps at least twice the pixels of the network's input on either side. Smaller
// pictures, and other formats, are the same in both.
enum class DecodeMode { exact, fast };
template <>
struct EnumNames<DecodeMode> {
  static constexpr std::array<const char*, 2> names = {"exact", "fast"};
};

struct DecodeOptions {
  // Turn the picture as its EXIF orientation says (PIL.ImageOps.exif_transpose). Off as in torchvision. TIFF
  // files are always turned, as Pillow does. What XMP says of the orientation is not read.
  bool exif = false;
  // What becomes of transparency: "drop": the alpha channel is left out, and what lies under it shows
  // (convert("RGB"), as torchvision does); else the colour that shows through (alpha.h).
  std::string alpha = "drop";
  // Refuse pictures of more pixels than this, before any memory is taken. The default is where Pillow refuses
  // (twice its MAX_IMAGE_PIXELS).
  std::uint64_t max_pixels = 178'956'970;
  // Whether large JPEGs may be shrunk while decoding where a pipeline resizes them anyway. decode_image and
  // read_image give every pixel in both modes.
  DecodeMode decode = DecodeMode::exact;
};
inline constexpr auto decode_options = options_of<DecodeOptions>(
    option<&DecodeOptions::exif>("turn pictures as their EXIF orientation says"),
    option<&DecodeOptions::alpha>("what shows through transparent pixels: white, black, a colour (#ffcc00), "
                                  "or drop: what lies under them, as torchvision"),
    option<&DecodeOptions::max_pixels>(1, 1e12, "refuse larger pictures"),
    option<&DecodeOptions::decode>("exact: Pillow's pixels; fast: shrink large JPEGs while decoding them"));

// The format follows from the first bytes, never by the file's name: JPEG, PNG, WebP, TIFF, BMP, PNM (P1–P6).
// Of a file with several pictures the first is taken. 16-bit colours keep their high byte; 16-bit and wider
// grey values are clamped to 255 (all as Pillow's convert).
//
// Throws UsageError for an `alpha` that is no colour. Throws Error, with `name` in its message, for anything
// that is not a whole picture of a known format: for what Pillow refuses, and besides for a PNG whose pixels
// have a wrong checksum or lack it. Thread-safe.
Image decode_image(std::span<const std::uint8_t> bytes, const std::string& name,
                   const DecodeOptions& options = {});

// Larger files are no pictures.
inline constexpr std::uint64_t max_file_bytes = 1ULL << 30;

// Reads and decodes a file (of at most max_file_bytes).
Image read_image(const std::filesystem::path& path, const DecodeOptions& options = {});

}  // namespace graft
