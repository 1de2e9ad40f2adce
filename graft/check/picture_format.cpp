#include "graft/check/picture_format.h"

#include <array>
#include <string_view>

#include "graft/core/text.h"

namespace graft {
namespace {

using namespace std::string_view_literals;
using Bytes = std::span<const std::uint8_t>;

std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::size_t big_endian(Bytes bytes, std::size_t at, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
  return value;
}

// The header's colour type has an alpha channel, or a tRNS chunk precedes the pixels.
bool png_has_transparency(Bytes bytes) {
  constexpr std::size_t colour_type = 25;
  if (bytes.size() <= colour_type) return false;
  if ((bytes[colour_type] & 4) != 0) return true;
  std::size_t at = 8;
  while (bytes.size() - at >= 12) {
    const std::string_view type = as_text(bytes).substr(at + 4, 4);
    if (type == "tRNS") return true;
    if (type == "IDAT") return false;
    const std::size_t length = big_endian(bytes, at, 4);
    if (length > bytes.size() - at - 12) return false;
    at += 12 + length;
  }
  return false;
}

// Extended files have it in their flags, lossless ones in their header; simple lossy files have none.
bool webp_has_transparency(Bytes bytes) {
  if (bytes.size() < 25) return false;
  const std::string_view chunk = as_text(bytes).substr(12, 4);
  return (chunk == "VP8X" && (bytes[20] & 0x10) != 0) || (chunk == "VP8L" && (bytes[24] & 0x10) != 0);
}

// SOF0 to SOF15, except DHT, JPG and DAC.
bool is_frame_header(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// Colour channels of a JPEG, from its frame header; 0 if there is none.
int jpeg_channels(Bytes bytes) {
  std::size_t at = 2;
  while (at + 10 <= bytes.size()) {
    if (bytes[at] != 0xFF) return 0;
    const std::uint8_t marker = bytes[at + 1];
    if (marker == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    if (is_frame_header(marker)) return bytes[at + 9];
    at += 2 + big_endian(bytes, at + 2, 2);
  }
  return 0;
}

struct Ending {
  std::string_view text;
  PictureFormat format;
};

constexpr std::array<Ending, 9> endings = {{{".jpg", PictureFormat::jpeg},
                                            {".jpeg", PictureFormat::jpeg},
                                            {".png", PictureFormat::png},
                                            {".webp", PictureFormat::webp},
                                            {".tif", PictureFormat::tiff},
                                            {".tiff", PictureFormat::tiff},
                                            {".bmp", PictureFormat::bmp},
                                            {".ppm", PictureFormat::pnm},
                                            {".pgm", PictureFormat::pnm}}};

}  // namespace

const char* to_string(PictureFormat format) {
  constexpr std::array<const char*, 7> names = {"unknown", "JPEG", "PNG", "WebP", "TIFF", "BMP", "PNM"};
  return names[static_cast<std::size_t>(format)];
}

PictureFormat picture_format(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  if (text.starts_with("\xFF\xD8\xFF"sv)) return PictureFormat::jpeg;
  if (text.starts_with("\x89PNG\r\n\x1A\n"sv)) return PictureFormat::png;
  if (text.size() >= 12 && text.substr(8, 4) == "WEBP") return PictureFormat::webp;
  if (text.starts_with("II*\0"sv) || text.starts_with("MM\0*"sv)) return PictureFormat::tiff;
  if (text.starts_with("II+\0"sv) || text.starts_with("MM\0+"sv)) return PictureFormat::tiff;
  if (text.starts_with("BM")) return PictureFormat::bmp;
  if (text.size() >= 2 && text[0] == 'P' && text[1] >= '1' && text[1] <= '6') return PictureFormat::pnm;
  return PictureFormat::unknown;
}

bool ending_fits(const std::string& name, PictureFormat format) {
  const std::string lower = to_lower_ascii(name);
  for (const Ending& ending : endings) {
    if (lower.ends_with(ending.text)) return ending.format == format;
  }
  return true;
}

bool has_transparency(Bytes bytes) {
  switch (picture_format(bytes)) {
    case PictureFormat::png:
      return png_has_transparency(bytes);
    case PictureFormat::webp:
      return webp_has_transparency(bytes);
    default:
      return false;
  }
}

bool has_inks(Bytes bytes) {
  return picture_format(bytes) == PictureFormat::jpeg && jpeg_channels(bytes) == 4;
}

}  // namespace graft
