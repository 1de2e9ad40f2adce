#include "tests/image/jpeg_samples.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "graft/core/random.h"
#include "graft/image/jpeg_decoder.h"
#include "graft/image/reduced_jpeg.h"

namespace graft::test {
namespace {

void describe(jpeg_compress_struct& encoder, const JpegMake& make) {
  constexpr J_COLOR_SPACE spaces[] = {JCS_YCbCr, JCS_GRAYSCALE, JCS_RGB};
  jpeg_set_defaults(&encoder);
  jpeg_set_colorspace(&encoder, spaces[static_cast<int>(make.colours)]);
  jpeg_set_quality(&encoder, make.quality, TRUE);
  encoder.optimize_coding = make.optimized ? TRUE : FALSE;
  encoder.restart_interval = make.restart_interval;
  for (int i = 0; i < encoder.num_components; ++i) {
    encoder.comp_info[i].h_samp_factor = i == 0 ? make.across : make.others;
    encoder.comp_info[i].v_samp_factor = i == 0 ? make.down : make.others;
  }
}

}  // namespace

std::vector<std::uint8_t> jpeg_of(const ImageView& image, const JpegMake& make) {
  static constexpr std::array<jpeg_scan_info, 2> two_scans = {
      {{1, {0}, 0, 63, 0, 0}, {2, {1, 2}, 0, 63, 0, 0}}};
  jpeg_compress_struct encoder{};
  jpeg_error_mgr errors{};
  encoder.err = jpeg_std_error(&errors);  // a mistake in a test ends it
  jpeg_create_compress(&encoder);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&encoder, &bytes, &size);
  encoder.image_width = static_cast<JDIMENSION>(image.width);
  encoder.image_height = static_cast<JDIMENSION>(image.height);
  encoder.input_components = 3;
  encoder.in_color_space = JCS_RGB;
  describe(encoder, make);
  if (!make.interleaved) {
    encoder.scan_info = two_scans.data();
    encoder.num_scans = 2;
  }
  jpeg_start_compress(&encoder, TRUE);
  for (int y = 0; y < image.height; ++y) {
    auto* row = const_cast<std::uint8_t*>(image.row(y));
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  std::vector<std::uint8_t> result(bytes, bytes + size);
  std::free(bytes);
  return result;
}

Image noisy(int height, int width, int noise) {
  Image image(height, width);
  Random random(7, static_cast<std::uint64_t>(height), static_cast<std::uint64_t>(width));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool beyond = x + y > (height + width) / 2;
      const int smooth[] = {40 + 160 * y / height, 200 - 120 * x / width, beyond ? 180 : 70};
      for (int c = 0; c < 3; ++c) {
        const int spread = static_cast<int>(random.below(static_cast<std::uint64_t>(2 * noise + 1))) - noise;
        image.row(y)[x * 3 + c] = static_cast<std::uint8_t>(std::clamp(smooth[c] + spread, 0, 255));
      }
    }
  }
  return image;
}

std::optional<Image> by_libjpeg(std::span<const std::uint8_t> bytes, const Window& part, int shrink) {
  JpegDecoder decoder(bytes);
  if (decoder.read_header() != JpegOutcome::done) return {};
  if (decoder.begin(part, shrink) != JpegOutcome::done) return {};
  Image pixels(part.height, decoder.columns());
  std::vector<std::uint8_t> spare_row(static_cast<std::size_t>(decoder.columns()) * 4);
  if (decoder.read_rows(pixels.data(), spare_row.data()) != JpegOutcome::done) return {};
  return pixels;
}

std::optional<Image> by_reduced(std::span<const std::uint8_t> bytes, const Window& part, int shrink) {
  JpegDecoder decoder(bytes);
  if (decoder.read_header() != JpegOutcome::done) return {};
  const auto scan = decoder.only_scan();
  const Window whole = shrunk_whole(decoder.size(), shrink);
  if (!scan || part.top + part.height > whole.height || part.left + part.width > whole.width) return {};
  return decode_reduced(*scan, part, shrink);
}

Window shrunk_whole(const Size& size, int shrink) {
  return {0, 0, (size.height + shrink - 1) / shrink, (size.width + shrink - 1) / shrink};
}

}  // namespace graft::test
