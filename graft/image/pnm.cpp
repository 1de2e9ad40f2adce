// Netpbm's bitmaps, greymaps and pixmaps, P1–P6, scaled to 8 bits as Pillow does.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <string_view>

#include "graft/image/byte_cursor.h"
#include "graft/image/formats.h"

namespace graft {
namespace {

bool is_space(std::uint8_t byte) { return std::strchr(" \t\n\v\f\r", byte) != nullptr && byte != 0; }
bool is_digit(std::uint8_t byte) { return byte >= '0' && byte <= '9'; }

struct PnmHeader {
  int kind = 0;  // the signature's digit
  std::uint32_t width = 0, height = 0;
  std::uint32_t largest = 1;

  bool plain() const { return kind <= 3; }  // numbers as text
  bool bitmap() const { return kind % 3 == 1; }
  bool grey() const { return kind % 3 == 2; }
};

class PnmReader {
 public:
  explicit PnmReader(const EncodedImage& file) : file_(file), reader_(file.bytes) {}

  PnmHeader read_header() {
    PnmHeader header;
    reader_.take(1);
    header.kind = *reader_.next() - '0';
    const auto space = reader_.next();
    if (!space || !is_space(*space)) refuse(file_, "not a picture graft reads (its PNM header is damaged)");
    header.width = number();
    header.height = number();
    if (!header.bitmap()) header.largest = number();
    if (header.largest < 1 || header.largest > 65535) {
      refuse(file_,
             "its PNM header has a maximum value of " + std::to_string(header.largest) + ", not 1 to 65535");
    }
    return header;
  }

  // A decimal integer and its separators: space and comments before it, one space after it.
  std::uint32_t number() {
    std::uint64_t value = 0;
    int digits = 0;
    for (auto byte = reader_.next(); byte; byte = reader_.next()) {
      if (*byte == '#') {
        skip_comment();
      } else if (is_space(*byte)) {
        if (digits > 0) return static_cast<std::uint32_t>(value);
      } else if (is_digit(*byte) && digits < 9) {
        value = value * 10 + (*byte - '0');
        ++digits;
      } else {
        refuse(file_, "the PNM file is damaged (a number is expected)");
      }
    }
    if (digits == 0) too_short();
    return static_cast<std::uint32_t>(value);
  }

  // A pixel of a plain bitmap: one digit, optionally surrounded by space.
  bool bit() {
    for (auto byte = reader_.next(); byte; byte = reader_.next()) {
      if (*byte == '#') {
        skip_comment();
      } else if (*byte == '0' || *byte == '1') {
        return *byte == '1';
      } else if (!is_space(*byte)) {
        refuse(file_, "the PNM file is damaged (a pixel is neither 0 nor 1)");
      }
    }
    too_short();
  }

  std::uint32_t binary_value(bool two_bytes) {
    const auto bytes = row(two_bytes ? 2 : 1);
    return two_bytes ? static_cast<std::uint32_t>(bytes[0]) << 8 | bytes[1] : bytes[0];
  }

  std::span<const std::uint8_t> row(std::size_t count) {
    const auto bytes = reader_.take(count);
    if (bytes.size() < count) too_short();
    return bytes;
  }

 private:
  [[noreturn]] void too_short() { refuse(file_, "the PNM file is cut short"); }

  void skip_comment() {
    for (auto byte = reader_.next(); byte && *byte != '\n' && *byte != '\r';) byte = reader_.next();
  }

  const EncodedImage& file_;
  ByteCursor reader_;
};

// As Pillow: grey of more than 8 bits is scaled to 16 bits and clamped to 255; everything else is scaled to 8
// bits. Halves round to the even neighbour.
std::uint8_t scaled(std::uint32_t value, const PnmHeader& header) {
  const double full = header.grey() && header.largest > 255 ? 65535 : 255;
  return static_cast<std::uint8_t>(
      std::min(std::nearbyint(static_cast<double>(value) / header.largest * full), 255.0));
}

void read_bitmap(PnmReader& reader, const PnmHeader& header, Image& image) {
  for (int y = 0; y < image.height(); ++y) {
    std::span<const std::uint8_t> packed;
    if (!header.plain()) packed = reader.row((static_cast<std::size_t>(image.width()) + 7) / 8);
    for (int x = 0; x < image.width(); ++x) {
      const auto i = static_cast<std::size_t>(x);
      const bool black = header.plain() ? reader.bit() : (packed[i / 8] >> (7 - i % 8) & 1) != 0;
      std::memset(image.row(y) + i * 3, black ? 0 : 255, 3);
    }
  }
}

void read_values(PnmReader& reader, const PnmHeader& header, const EncodedImage& file, Image& image) {
  const std::size_t pixels = image.size_bytes() / 3;
  const std::size_t copies = header.grey() ? 3 : 1;
  std::uint8_t* out = image.data();
  for (std::size_t i = 0; i < pixels * 3 / copies; ++i, out += copies) {
    const std::uint32_t value = header.plain() ? reader.number() : reader.binary_value(header.largest > 255);
    if (header.plain() && value > header.largest) {
      refuse(file, "the PNM file is damaged (a value of " + std::to_string(value) + ", above its maximum, " +
                       std::to_string(header.largest) + ")");
    }
    std::memset(out, scaled(value, header), copies);
  }
}

}  // namespace

DecodedImage decode_pnm(const EncodedImage& file) {
  PnmReader reader(file);
  const PnmHeader header = reader.read_header();
  Image image = new_image(file, header.height, header.width);
  if (header.bitmap()) {
    read_bitmap(reader, header, image);
  } else {
    read_values(reader, header, file, image);
  }
  return {std::move(image)};
}

}  // namespace graft
