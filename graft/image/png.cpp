// PNG through libpng. Its fatal errors jump (png_longjmp): functions that call setjmp hold nothing that needs
// a destructor.
#include <png.h>
#include <zlib.h>

#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "graft/image/formats.h"
#include "graft/image/orientation.h"

namespace graft {
namespace {

[[noreturn]] void jump_out(png_structp png, png_const_charp message) {
  auto* text = static_cast<std::array<char, 128>*>(png_get_error_ptr(png));
  std::snprintf(text->data(), text->size(), "%s", message);
  png_longjmp(png, 1);
}

void stay_silent(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep out, std::size_t count) {
  auto* left = static_cast<std::span<const std::uint8_t>*>(png_get_io_ptr(png));
  if (count > left->size()) png_error(png, "the file is cut short");
  std::memcpy(out, left->data(), count);
  *left = left->subspan(count);
}

class PngDecoder {
 public:
  explicit PngDecoder(std::span<const std::uint8_t> bytes) : left_(bytes) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &message_, jump_out, stay_silent);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
  }
  ~PngDecoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;

  // Reads everything up to the pixels and sets their output format: 8-bit RGB, 16-bit grey, or, with
  // `keep_alpha` and transparency, 8-bit RGBA.
  bool read_header(bool keep_alpha) {
    if (png_ == nullptr || info_ == nullptr) return false;
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_read_fn(png_, &left_, read_bytes);
    png_set_crc_action(png_, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // new_image() checks the limit
    skip_notes();
    png_read_info(png_, info_);
    png_set_interlace_handling(png_);
    if (!grey16()) {
      png_set_strip_16(png_);
      png_set_palette_to_rgb(png_);
      png_set_expand_gray_1_2_4_to_8(png_);
      png_set_gray_to_rgb(png_);
      if (!(keep_alpha && transparent())) png_set_strip_alpha(png_);
    }
    png_read_update_info(png_, info_);
    return true;
  }

  bool read_rows(png_bytepp rows) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_image(png_, rows);
    return true;
  }

  png_uint_32 height() const { return png_get_image_height(png_, info_); }
  png_uint_32 width() const { return png_get_image_width(png_, info_); }
  std::size_t row_bytes() const { return png_get_rowbytes(png_, info_); }
  const char* message() const { return message_.data(); }
  bool grey16() const {
    return png_get_color_type(png_, info_) == PNG_COLOR_TYPE_GRAY && png_get_bit_depth(png_, info_) == 16;
  }
  // Whether the output has alpha. Valid after read_header().
  bool gives_alpha() const { return (png_get_color_type(png_, info_) & PNG_COLOR_MASK_ALPHA) != 0; }
  // For grey16(): the value of transparent pixels.
  std::optional<std::uint16_t> transparent_grey() const {
    png_color_16p color = nullptr;
    if (png_get_tRNS(png_, info_, nullptr, nullptr, &color) == 0 || color == nullptr) return std::nullopt;
    return color->gray;
  }

 private:
  bool transparent() const {
    return (png_get_color_type(png_, info_) & PNG_COLOR_MASK_ALPHA) != 0 ||
           png_get_valid(png_, info_, PNG_INFO_tRNS) != 0;
  }

  // All chunks but the header, the palette, transparency and the pixels (−1). Compressed text can expand
  // without bounds, libpng allocates the size that a chunk claims before it checks that the file has it, and
  // nothing reads these chunks: orientation_of() finds the EXIF data.
  void skip_notes() { png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1); }

  std::span<const std::uint8_t> left_;
  std::array<char, 128> message_{};
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

std::uint32_t big_endian(const std::uint8_t* bytes) {
  return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
         static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

// From the first eXIf chunk, which may follow the pixels. Data after the pixels cannot damage the image.
int orientation_of(std::span<const std::uint8_t> png) {
  constexpr std::size_t around = 4 + 4 + 4;  // a chunk's length, name and checksum
  for (auto rest = png.subspan(8); rest.size() >= around;) {
    const std::size_t length = big_endian(rest.data());
    if (length > rest.size() - around) return 1;
    const auto named = rest.subspan(4, 4 + length);
    if (std::memcmp(named.data(), "eXIf", 4) == 0) {
      const bool whole = ::crc32_z(0, named.data(), named.size()) == big_endian(&rest[8 + length]);
      return whole ? exif_orientation(named.subspan(4)) : 1;
    }
    rest = rest.subspan(around + length);
  }
  return 1;
}

// The 16-bit grey value of transparent pixels, and its replacement.
struct TransparentGrey {
  std::uint16_t value;
  Color background;
};

// Two bytes per pixel at the start of the row → three, clamped to 8 bits. Works from the end, so that nothing
// is overwritten before it is read.
void spread_grey16(std::uint8_t* row, int width, const std::optional<TransparentGrey>& transparent) {
  for (int x = width - 1; x >= 0; --x) {
    const std::uint8_t* value = row + static_cast<std::size_t>(x) * 2;
    std::uint8_t* rgb = row + static_cast<std::size_t>(x) * 3;
    const bool shows_through = transparent && (value[0] << 8 | value[1]) == transparent->value;
    std::memset(rgb, value[0] != 0 ? 255 : value[1], 3);
    if (shows_through) composite(rgb, 0, transparent->background);
  }
}

}  // namespace

DecodedImage decode_png(const EncodedImage& file) {
  // Signature, then the IHDR chunk: length, name, width, height. Read here because libpng would refuse an
  // absurd size with a message that does not name it, and would accept a size from a later chunk.
  constexpr std::size_t header = 8 + 4 + 4 + 13;
  if (file.bytes.size() < header) refuse(file, "the PNG file is cut short");
  if (std::memcmp(&file.bytes[12], "IHDR", 4) != 0)
    refuse(file, "the PNG file is damaged (its first chunk is not IHDR)");
  Image image = new_image(file, big_endian(&file.bytes[20]), big_endian(&file.bytes[16]));

  PngDecoder decoder(file.bytes);
  const auto damaged = [&] {
    throw_if_out_of_memory(decoder.message());
    refuse(file, std::string("the PNG file is damaged (") + decoder.message() + ")");
  };
  if (!decoder.read_header(file.background.has_value())) damaged();
  const bool with_alpha = file.background && decoder.gives_alpha();
  const std::size_t row_bytes = with_alpha ? image.stride() / 3 * 4 : image.stride();
  const bool fits = decoder.height() == static_cast<png_uint_32>(image.height()) &&
                    decoder.width() == static_cast<png_uint_32>(image.width()) &&
                    decoder.row_bytes() <= row_bytes;
  if (!fits) refuse(file, "the PNG file is damaged");
  std::vector<std::uint8_t> rgba(with_alpha ? row_bytes * static_cast<std::size_t>(image.height()) : 0);
  std::vector<png_bytep> rows;
  rows.reserve(static_cast<std::size_t>(image.height()));
  for (int y = 0; y < image.height(); ++y)
    rows.push_back(with_alpha ? rgba.data() + static_cast<std::size_t>(y) * row_bytes : image.row(y));
  const bool grey16 = decoder.grey16();
  std::optional<TransparentGrey> transparent;
  if (const auto value = decoder.transparent_grey(); grey16 && value && file.background)
    transparent = TransparentGrey{*value, *file.background};
  if (!decoder.read_rows(rows.data())) damaged();
  for (int y = 0; grey16 && y < image.height(); ++y) spread_grey16(image.row(y), image.width(), transparent);
  if (with_alpha) flatten(rgba.data(), rgba.size() / 4, file.background, image.data());
  return {std::move(image), orientation_of(file.bytes)};
}

}  // namespace graft
