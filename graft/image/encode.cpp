#include "graft/image/codec.h"

#include <png.h>
#include <zlib.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

#include "graft/core/error.h"
#include "graft/image/jpeg_errors.h"

namespace graft {
namespace {

// Marks files that graft drew: the comment of a JPEG, "Software" of a PNG.
constexpr std::string_view mark = "graft";

// The PNG's chunk tEXt: length, kind, text, checksum.
std::string software_chunk() {
  const std::string content = "tEXtSoftware" + std::string(1, '\0') + std::string(mark);
  const auto big_endian = [](std::uint32_t number) {
    std::string bytes;
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(number >> shift & 0xFF);
    return bytes;
  };
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()));
  return big_endian(static_cast<std::uint32_t>(content.size() - 4)) + content +
         big_endian(static_cast<std::uint32_t>(sum));
}

void check(const ImageView& image) {
  if (image.height < 1 || image.width < 1) throw UsageError("encode", "the picture is empty");
}

// jpeg_errors.h explains why this is a separate class.
class JpegEncoder {
 public:
  JpegEncoder() { encoder_.err = install(errors_); }
  ~JpegEncoder() {
    jpeg_destroy_compress(&encoder_);
    std::free(bytes_);
  }
  JpegEncoder(const JpegEncoder&) = delete;
  JpegEncoder& operator=(const JpegEncoder&) = delete;

  bool encode(const ImageView& image, int quality) {
    if (setjmp(errors_.jump) != 0) return false;
    jpeg_create_compress(&encoder_);
    jpeg_mem_dest(&encoder_, &bytes_, &size_);
    encoder_.image_width = static_cast<JDIMENSION>(image.width);
    encoder_.image_height = static_cast<JDIMENSION>(image.height);
    encoder_.input_components = 3;
    encoder_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&encoder_);
    jpeg_set_quality(&encoder_, quality, TRUE);
    jpeg_start_compress(&encoder_, TRUE);
    jpeg_write_marker(&encoder_, JPEG_COM, reinterpret_cast<const JOCTET*>(mark.data()),
                      static_cast<unsigned>(mark.size()));
    while (encoder_.next_scanline < encoder_.image_height) {
      auto* row = const_cast<JSAMPROW>(image.row(static_cast<int>(encoder_.next_scanline)));  // read only
      jpeg_write_scanlines(&encoder_, &row, 1);
    }
    jpeg_finish_compress(&encoder_);
    return true;
  }

  std::string bytes() const { return {reinterpret_cast<const char*>(bytes_), size_}; }
  const char* message() const { return errors_.message.data(); }

 private:
  JpegErrors errors_{};
  jpeg_compress_struct encoder_{};
  unsigned char* bytes_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

std::string encode_png(const ImageView& image) {
  check(image);
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(image.width);
  png.height = static_cast<png_uint_32>(image.height);
  png.format = PNG_FORMAT_RGB;
  std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(png), '\0');
  png_alloc_size_t size = bytes.size();
  if (png_image_write_to_memory(&png, bytes.data(), &size, 0, image.data,
                                static_cast<png_int_32>(image.stride), nullptr) == 0) {
    throw Error("encode", std::string("cannot make a PNG (") + png.message + ")");
  }
  bytes.resize(size);
  constexpr std::size_t after_header = 8 + 25;  // the signature and the chunk IHDR
  return bytes.insert(after_header, software_chunk());
}

std::string encode_jpeg(const ImageView& image, int quality) {
  check(image);
  if (quality < 1 || quality > 100) {
    throw UsageError("encode", "a JPEG quality of " + std::to_string(quality) + " is not between 1 and 100");
  }
  JpegEncoder encoder;
  if (!encoder.encode(image, quality)) {
    throw Error("encode", std::string("cannot make a JPEG (") + encoder.message() + ")");
  }
  return encoder.bytes();
}

bool is_drawn_by_graft(std::string_view head) {
  const std::string comment = std::string("\xff\xfe") + '\0' + static_cast<char>(mark.size() + 2);
  return head.find(software_chunk()) != std::string_view::npos ||
         head.find(comment + std::string(mark)) != std::string_view::npos;
}

}  // namespace graft
