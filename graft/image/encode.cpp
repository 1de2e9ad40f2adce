#include "graft/image/encode.h"

#include <png.h>

#include <cstdlib>
#include <memory>

#include "graft/core/error.h"
#include "graft/image/jpeg_errors.h"

namespace graft {
namespace {

void check(const ImageView& image) {
  if (image.height < 1 || image.width < 1) throw UsageError("encode", "the picture is empty");
}

// See jpeg_errors.h for why this is a class of its own.
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
  return bytes;
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

}  // namespace graft
