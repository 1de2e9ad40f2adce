#include "graft/check/picture_format.h"

#include <gtest/gtest.h>

#include "tests/image/pixels.h"

namespace graft {
namespace {

using Bytes = std::vector<std::uint8_t>;

PictureFormat format_of(const char* name) { return picture_format(test::golden_file(name)); }

TEST(PictureFormats, AreDistinguishedByTheFirstBytes) {
  EXPECT_EQ(format_of("rgb_444.jpg"), PictureFormat::jpeg);
  EXPECT_EQ(format_of("rgba8.png"), PictureFormat::png);
  EXPECT_EQ(format_of("lossy.webp"), PictureFormat::webp);
  EXPECT_EQ(format_of("rgb_raw.tif"), PictureFormat::tiff);
  EXPECT_EQ(format_of("rgb24.bmp"), PictureFormat::bmp);
  EXPECT_EQ(format_of("rgb.ppm"), PictureFormat::pnm);
  EXPECT_EQ(format_of("riff.wav"), PictureFormat::unknown);
  EXPECT_EQ(picture_format({}), PictureFormat::unknown);
  EXPECT_STREQ(to_string(PictureFormat::webp), "WebP");
}

TEST(PictureFormats, OtherEndingsFitEveryFormat) {
  EXPECT_TRUE(ending_fits("a/b.JPG", PictureFormat::jpeg));
  EXPECT_TRUE(ending_fits("b.jpeg", PictureFormat::jpeg));
  EXPECT_TRUE(ending_fits("b.pgm", PictureFormat::pnm));
  EXPECT_TRUE(ending_fits("b.tif", PictureFormat::tiff));
  EXPECT_FALSE(ending_fits("b.jpg", PictureFormat::png));
  EXPECT_TRUE(ending_fits("b", PictureFormat::png));
}

TEST(PictureFormats, TransparencyIsDetectedForPngAndWebp) {
  for (const char* name : {"rgba8.png", "rgba16_interlaced.png", "grey_alpha8.png", "rgb_transparent.png",
                           "palette_transparent.png", "lossy_alpha.webp", "lossless_alpha.webp"}) {
    EXPECT_TRUE(has_transparency(test::golden_file(name))) << name;
  }
  for (const char* name : {"rgb8.png", "grey8.png", "palette8.png", "lossy.webp", "lossless.webp",
                           "rgba_raw.tif", "rgb_444.jpg"}) {
    EXPECT_FALSE(has_transparency(test::golden_file(name))) << name;
  }
}

TEST(PictureFormats, InksAreDetectedForJpeg) {
  for (const char* name : {"cmyk.jpg", "ycck.jpg"}) EXPECT_TRUE(has_inks(test::golden_file(name))) << name;
  for (const char* name : {"rgb_444.jpg", "grey.jpg", "progressive.jpg", "exif_long.jpg", "cmyk_raw.tif"}) {
    EXPECT_FALSE(has_inks(test::golden_file(name))) << name;
  }
}

// Truncated or overwritten bytes never cause a read out of bounds (checked by the sanitizers).
TEST(PictureFormats, DamagedHeadersAreNotFollowed) {
  for (const char* name : {"palette_transparent.png", "lossy_alpha.webp", "cmyk.jpg", "exif_long.jpg"}) {
    const Bytes whole = test::golden_file(name);
    for (std::size_t size = 0; size < std::min<std::size_t>(whole.size(), 300); ++size) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      has_transparency(cut);
      has_inks(cut);
    }
    for (std::size_t at = 8; at < std::min<std::size_t>(whole.size(), 300); ++at) {
      Bytes damaged = whole;
      damaged[at] = 0xFF;
      has_transparency(damaged);
      has_inks(damaged);
    }
  }
}

}  // namespace
}  // namespace graft
