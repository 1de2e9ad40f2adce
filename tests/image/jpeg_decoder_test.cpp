#include "graft/image/jpeg_decoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "graft/core/random.h"
#include "tests/image/pixels.h"

namespace graft {
namespace {

using test::equal_pixels;
using Bytes = std::vector<std::uint8_t>;

struct JpegMake {
  J_COLOR_SPACE colours = JCS_YCbCr;
  int across = 2, down = 2;  // sampling factors of the first component; 1 for the others
  bool progressive = false;
  unsigned restart_interval = 0;
};

// Every chroma subsampling that cameras and editors write, and every kind of scan.
std::vector<JpegMake> makes() {
  std::vector<JpegMake> result = {{.colours = JCS_GRAYSCALE}, {.colours = JCS_RGB, .across = 1, .down = 1}};
  for (const int across : {1, 2, 4}) {
    for (const int down : {1, 2, 4}) {
      if (across * down <= 8)
        result.push_back({.across = across, .down = down});  // otherwise there are too many blocks
    }
  }
  result.push_back({.progressive = true});
  result.push_back({.restart_interval = 3});
  return result;
}

std::string name_of(const JpegMake& make, int shrink) {
  return "colours " + std::to_string(make.colours) + ", " + std::to_string(make.across) + "x" +
         std::to_string(make.down) + (make.progressive ? ", progressive" : "") + ", restarts " +
         std::to_string(make.restart_interval) + ", by " + std::to_string(shrink);
}

Bytes jpeg_of(const Image& image, const JpegMake& make) {
  jpeg_compress_struct encoder{};
  jpeg_error_mgr errors{};
  encoder.err = jpeg_std_error(&errors);  // an error ends the test
  jpeg_create_compress(&encoder);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&encoder, &bytes, &size);
  encoder.image_width = static_cast<JDIMENSION>(image.width());
  encoder.image_height = static_cast<JDIMENSION>(image.height());
  encoder.input_components = 3;
  encoder.in_color_space = JCS_RGB;
  jpeg_set_defaults(&encoder);
  jpeg_set_colorspace(&encoder, make.colours);
  jpeg_set_quality(&encoder, 92, TRUE);
  encoder.comp_info[0].h_samp_factor = make.across;
  encoder.comp_info[0].v_samp_factor = make.down;
  encoder.restart_interval = make.restart_interval;
  if (make.progressive) jpeg_simple_progression(&encoder);
  jpeg_start_compress(&encoder, TRUE);
  for (int y = 0; y < image.height(); ++y) {
    auto* row = const_cast<std::uint8_t*>(image.row(y));
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  Bytes result(bytes, bytes + size);
  std::free(bytes);
  return result;
}

// Like a photograph: gradients, an edge, and noise of 12 of 255 levels.
Image photograph(int height, int width) {
  Image image(height, width);
  Random random(7, static_cast<std::uint64_t>(height), static_cast<std::uint64_t>(width));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const bool beyond = x + y > (height + width) / 2;
      const int smooth[] = {40 + 160 * y / height, 200 - 120 * x / width, beyond ? 180 : 70};
      for (int c = 0; c < 3; ++c) {
        const int value = smooth[c] + static_cast<int>(random.below(25)) - 12;
        image.row(y)[x * 3 + c] = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
      }
    }
  }
  return image;
}

Window whole_of(const Size& size, int shrink) {
  return {0, 0, (size.height + shrink - 1) / shrink, (size.width + shrink - 1) / shrink};
}

// Exactly `part` of the shrunk picture.
Image decoded(const Bytes& bytes, const Window& part, int shrink) {
  JpegDecoder decoder(bytes);
  EXPECT_EQ(decoder.read_header(), JpegOutcome::done);
  EXPECT_EQ(decoder.begin(part, shrink), JpegOutcome::done);
  Image rows(part.height, decoder.columns());
  Bytes spare_row(static_cast<std::size_t>(decoder.columns()) * 4);
  EXPECT_EQ(decoder.read_rows(rows.data(), spare_row.data()), JpegOutcome::done);
  Image pixels(part.height, part.width);
  const ImageView wanted = rows.view().crop(0, part.left - decoder.first_column(), part.height, part.width);
  for (int y = 0; y < part.height; ++y) std::copy_n(wanted.row(y), part.width * 3, pixels.row(y));
  return pixels;
}

TEST(JpegDecoder, ShrunkPartsEqualTheWhole) {
  constexpr Size size = {75, 161};
  for (const JpegMake& make : makes()) {
    const Bytes bytes = jpeg_of(photograph(size.height, size.width), make);
    for (const int shrink : {1, 2, 4, 8}) {
      const Window all = whole_of(size, shrink);
      const Image whole = decoded(bytes, all, shrink);
      const int step = 16 / shrink + 1;
      for (int top = 0; top < all.height; top += step) {
        for (int left = 0; left < all.width; left += step) {
          for (const Window& part :
               {Window{top, left, 1, 1}, Window{top, left, all.height - top, all.width - left},
                Window{0, left, top + 1, 1}, Window{top, 0, 1, left + 1}}) {
            ASSERT_TRUE(equal_pixels(decoded(bytes, part, shrink).view(),
                                     whole.view().crop(part.top, part.left, part.height, part.width)))
                << name_of(make, shrink) << ": " << part.top << " " << part.left;
          }
        }
      }
    }
  }
}

// Means of shrink × shrink pixels.
Image mean_of(const Image& image, int shrink) {
  Image result(image.height() / shrink, image.width() / shrink);
  for (int y = 0; y < result.height(); ++y) {
    for (int x = 0; x < result.width() * 3; ++x) {
      int sum = 0;
      for (int i = 0; i < shrink * shrink; ++i) {
        sum += image.row(y * shrink + i / shrink)[(x / 3 * shrink + i % shrink) * 3 + x % 3];
      }
      result.row(y)[x] = static_cast<std::uint8_t>((sum + shrink * shrink / 2) / (shrink * shrink));
    }
  }
  return result;
}

// With different chroma subsampling horizontally and vertically, libjpeg reconstructs fewer chroma pixels
// than luma pixels.
double max_difference(const JpegMake& make) {
  return make.colours == JCS_GRAYSCALE || make.across == make.down ? 2 : 8;
}

TEST(JpegDecoder, AShrunkPictureIsCloseToTheMeanOfTheWhole) {
  constexpr Size size = {96, 128};
  for (const JpegMake& make : makes()) {
    const Bytes bytes = jpeg_of(photograph(size.height, size.width), make);
    const Image whole = decoded(bytes, whole_of(size, 1), 1);
    for (const int shrink : {2, 4, 8}) {
      const Image shrunk = decoded(bytes, whole_of(size, shrink), shrink), mean = mean_of(whole, shrink);
      double apart = 0;
      for (std::size_t i = 0; i < mean.size_bytes(); ++i)
        apart += std::abs(shrunk.data()[i] - mean.data()[i]);
      EXPECT_LE(apart / static_cast<double>(mean.size_bytes()), max_difference(make))
          << name_of(make, shrink);
    }
  }
}

}  // namespace
}  // namespace graft
