// Windows and OS/2 bitmaps as Pillow reads them: palettes of 1, 4 and 8 bits, colours of 16, 24 and 32 bits,
// and the run-length encodings.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "graft/core/text.h"
#include "graft/image/bmp_runs.h"
#include "graft/image/byte_cursor.h"
#include "graft/image/formats.h"

namespace graft {
namespace {

constexpr std::uint32_t raw = 0, rle8 = 1, rle4 = 2, bit_fields = 3;
constexpr std::size_t file_header = 14;

using Masks = std::array<std::uint32_t, 3>;  // red, green, blue
using Palette = std::array<std::array<std::uint8_t, 3>, 256>;

struct BmpHeader {
  std::uint32_t pixels_at = 0;  // bytes from the start of the file
  std::uint32_t size = 0;       // of the second header, from byte 14
  std::uint32_t width = 0, height = 0;
  bool top_down = false;
  std::uint32_t bits = 0, compression = raw, colors = 0;
  Masks masks{};
  std::uint32_t alpha = 0;  // mask; 0: none

  std::size_t row_bytes() const { return (static_cast<std::size_t>(width) * bits + 31) / 32 * 4; }
  std::size_t palette_entry() const { return size == 12 ? 3 : 4; }
};

[[noreturn]] void cut_short(const EncodedImage& file) { refuse(file, "the BMP file is cut short"); }

std::uint32_t number(const EncodedImage& file, std::size_t offset, std::size_t size) {
  if (file.bytes.size() < offset + size) cut_short(file);
  return little_endian(file.bytes.subspan(offset, size));
}

bool is_whole_byte(std::uint32_t mask) { return std::popcount(mask) == 8 && std::countr_zero(mask) % 8 == 0; }

Masks default_masks(std::uint32_t bits) {
  return bits == 16 ? Masks{0x7c00, 0x3e0, 0x1f} : Masks{0xff0000, 0xff00, 0xff};
}

void read_long_header(const EncodedImage& file, BmpHeader& header) {
  header.width = number(file, 18, 4);
  header.height = number(file, 22, 4);
  header.top_down = header.height >> 24 == 0xff;  // a negative height
  if (header.top_down) header.height = 0U - header.height;
  header.bits = number(file, 28, 2);
  header.compression = number(file, 30, 4);
  header.colors = number(file, 46, 4);
  header.masks = default_masks(header.bits);
  if (header.compression != bit_fields) return;
  // At the same offset inside the longer headers and directly after the short one.
  const Masks given = {number(file, 54, 4), number(file, 58, 4), number(file, 62, 4)};
  if (given != Masks{}) header.masks = given;
  if (header.bits != 32 || header.size < 56) return;
  header.alpha = number(file, 66, 4);
  if (given == Masks{} && header.alpha == 0) header.alpha = 0xff000000;  // as Pillow
  if (!is_whole_byte(header.alpha)) header.alpha = 0;
}

BmpHeader read_header(const EncodedImage& file) {
  BmpHeader header;
  header.pixels_at = number(file, 10, 4);
  header.size = number(file, 14, 4);
  switch (header.size) {
    case 12:
      header.width = number(file, 18, 2);
      header.height = number(file, 20, 2);
      header.bits = number(file, 24, 2);
      header.masks = default_masks(header.bits);
      break;
    case 40:
    case 52:
    case 56:
    case 64:
    case 108:
    case 124:
      read_long_header(file, header);
      break;
    default:
      refuse_kind(file, "not a picture graft reads (a BMP header of " + counted(header.size, "byte") + ")");
  }
  if (header.colors == 0 && header.bits <= 8) header.colors = 1U << header.bits;
  return header;
}

Palette read_palette(const EncodedImage& file, const BmpHeader& header) {
  if (header.colors == 0 || header.colors > 65536) {
    refuse(file, "the BMP file is damaged (a palette of " + counted(header.colors, "colour") + ")");
  }
  ByteCursor reader(file.bytes);
  reader.seek(file_header + header.size);
  Palette palette{};  // colours that the file does not define are black
  for (std::size_t i = 0; i < std::min<std::size_t>(header.colors, palette.size()); ++i) {
    const auto entry = reader.take(header.palette_entry());
    if (entry.size() < header.palette_entry()) cut_short(file);
    palette[i] = {entry[2], entry[1], entry[0]};
  }
  return palette;
}

// The offset of the pixels. Some writers do not count the palette.
std::size_t pixel_offset(const BmpHeader& header) {
  const std::size_t after_header = file_header + header.size;
  if (header.bits > 8) return header.pixels_at != 0 ? header.pixels_at : after_header;
  const std::size_t after_palette = after_header + header.palette_entry() * header.colors;
  return header.pixels_at == after_header || header.pixels_at == 0 ? after_palette : header.pixels_at;
}

// Bits of a mask → 0–255, truncated as Pillow does (5 bits: value · 255 / 31).
std::uint8_t channel(std::uint32_t pixel, std::uint32_t mask) {
  const std::uint32_t value = (pixel & mask) >> std::countr_zero(mask);
  return static_cast<std::uint8_t>(value * 255 / (mask >> std::countr_zero(mask)));
}

// The supported layouts: whole bytes of 24 and 32 bits, 5-5-5 and 5-6-5.
bool usable(const BmpHeader& header) {
  if (header.bits == 16)
    return header.masks == default_masks(16) || header.masks == Masks{0xf800, 0x7e0, 0x1f};
  return std::all_of(header.masks.begin(), header.masks.end(), [&](std::uint32_t mask) {
    return is_whole_byte(mask) && static_cast<std::uint32_t>(std::bit_width(mask)) <= header.bits;
  });
}

void unpack_colors(std::span<const std::uint8_t> row, const BmpHeader& header, int width,
                   const std::optional<Color>& background, std::uint8_t* out) {
  const std::size_t size = header.bits / 8;
  for (int x = 0; x < width; ++x, out += 3) {
    const std::uint32_t pixel = little_endian(row.subspan(static_cast<std::size_t>(x) * size, size));
    for (std::size_t c = 0; c < 3; ++c) out[c] = channel(pixel, header.masks[c]);
    if (background && header.alpha != 0) composite(out, channel(pixel, header.alpha), *background);
  }
}

// Packed indices, the first in the highest bits → one per byte.
void unpack_indices(std::span<const std::uint8_t> row, std::uint32_t bits, std::span<std::uint8_t> indices) {
  const std::size_t in_byte = 8 / bits;
  for (std::size_t x = 0; x < indices.size(); ++x) {
    const std::size_t shift = (in_byte - 1 - x % in_byte) * bits;
    indices[x] = static_cast<std::uint8_t>(row[x / in_byte] >> shift & ((1U << bits) - 1));
  }
}

void look_up(std::span<const std::uint8_t> indices, const Palette& palette, std::uint8_t* out) {
  for (const std::uint8_t index : indices) {
    std::memcpy(out, palette[index].data(), 3);
    out += 3;
  }
}

void read_pixels(const EncodedImage& file, const BmpHeader& header, Image& image) {
  const auto width = static_cast<std::size_t>(image.width());
  const bool indexed = header.bits <= 8;
  const Palette palette = indexed ? read_palette(file, header) : Palette{};
  ByteCursor reader(file.bytes);
  reader.seek(pixel_offset(header));
  const bool runs = header.compression == rle8 || header.compression == rle4;
  std::vector<std::uint8_t> indices(runs ? width * header.height : indexed ? width : 0);
  if (runs && !unpack_bmp_runs(reader, header.compression == rle4, width, indices)) cut_short(file);
  for (int i = 0; i < image.height(); ++i) {
    std::uint8_t* out = image.row(header.top_down ? i : image.height() - 1 - i);
    if (runs) {
      look_up(std::span(indices).subspan(static_cast<std::size_t>(i) * width, width), palette, out);
      continue;
    }
    const auto row = reader.take(header.row_bytes());
    if (row.size() < (width * header.bits + 7) / 8) cut_short(file);
    if (indexed) {
      unpack_indices(row, header.bits, indices);
      look_up(indices, palette, out);
    } else {
      unpack_colors(row, header, image.width(), file.background, out);
    }
  }
}

void check(const EncodedImage& file, const BmpHeader& header) {
  const std::uint32_t bits = header.bits;
  const bool direct = bits == 16 || bits == 24 || bits == 32;
  const bool known = header.compression == raw          ? direct || bits == 1 || bits == 4 || bits == 8
                     : header.compression == rle8       ? bits == 8
                     : header.compression == rle4       ? bits == 4
                     : header.compression == bit_fields ? direct
                                                        : false;
  if (!known || (direct && !usable(header))) {
    refuse_kind(file, "a kind of BMP that graft does not read (" + counted(bits, "bit") + ", compression " +
                          std::to_string(header.compression) + ")");
  }
}

}  // namespace

DecodedImage decode_bmp(const EncodedImage& file) {
  const BmpHeader header = read_header(file);
  check(file, header);
  Image image = new_image(file, header.height, header.width);
  read_pixels(file, header, image);
  return {std::move(image)};
}

}  // namespace graft
