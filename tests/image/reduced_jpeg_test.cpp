#include "graft/image/reduced_jpeg.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "graft/image/jpeg_decoder.h"
#include "tests/image/jpeg_samples.h"
#include "tests/image/pixels.h"

namespace graft {
namespace {

using test::by_libjpeg;
using test::by_reduced;
using test::equal_pixels;
using test::jpeg_of;
using test::JpegColours;
using test::JpegMake;
using test::shrunk_whole;
using Bytes = std::vector<std::uint8_t>;

struct Difference {
  double mean = 0;
  int most = 0;
};

Difference difference(const Image& a, const Image& b) {
  EXPECT_EQ(a.height(), b.height());
  EXPECT_EQ(a.width(), b.width());
  Difference found;
  for (std::size_t i = 0; i < a.size_bytes(); ++i) {
    const int apart = std::abs(a.data()[i] - b.data()[i]);
    found.mean += apart;
    found.most = std::max(found.most, apart);
  }
  found.mean /= static_cast<double>(a.size_bytes());
  return found;
}

std::vector<JpegMake> makes() {
  std::vector<JpegMake> result = {{.colours = JpegColours::grey},
                                  {.across = 1, .down = 1, .colours = JpegColours::grey}};
  for (const int across : {1, 2}) {
    for (const int down : {1, 2}) result.push_back({.across = across, .down = down});
  }
  return result;
}

std::string named(const JpegMake& make, const Size& size, int shrink) {
  return std::to_string(make.across) + "x" + std::to_string(make.down) + ", quality " +
         std::to_string(make.quality) + ", restarts " + std::to_string(make.restart_interval) + ", " +
         std::to_string(size.height) + "x" + std::to_string(size.width) + " by " + std::to_string(shrink);
}

// Of a few pixels (a picture shrunk to one has three values) a mean means little.
double most_mean(const Size& size, int quality) {
  if (size.height < 97) return 5;
  return quality == 30 ? 0.3 : 2;
}

// Only the high frequencies are between the two: on this noise (of 12 steps of 255) less than 2 steps in the
// mean, and next to nothing at a low quality, which has none. Of colours stored more coarsely one way than
// the other ours keeps more: the next test.
TEST(ReducedJpeg, IsCloseToLibjpeg) {
  constexpr Size sizes[] = {{1, 1}, {8, 8}, {16, 17}, {33, 15}, {97, 131}, {200, 40}};
  for (JpegMake make : makes()) {
    for (const int quality : {30, 75, 92, 100}) {
      for (const unsigned restart : {0U, 1U, 3U}) {
        for (const Size& size : sizes) {
          make.quality = quality;
          make.restart_interval = restart;
          make.optimized = restart == 3;
          const Bytes bytes = jpeg_of(test::noisy(size.height, size.width, 12).view(), make);
          for (const int shrink : {2, 4, 8}) {
            const Window whole = shrunk_whole(size, shrink);
            const auto ours = by_reduced(bytes, whole, shrink), theirs = by_libjpeg(bytes, whole, shrink);
            ASSERT_TRUE(ours && theirs) << named(make, size, shrink);
            const Difference apart = difference(*ours, *theirs);
            if (make.across != make.down) continue;
            EXPECT_LE(apart.mean, most_mean(size, quality)) << named(make, size, shrink);
            EXPECT_LE(apart.most, 24) << named(make, size, shrink);
          }
        }
      }
    }
  }
}

// Means of shrink × shrink pixels.
Image shrunk_mean(const Image& image, int shrink) {
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

// Both are near the mean of the picture's pixels. Of colours stored more coarsely one way than the other
// libjpeg keeps less, and is further from it.
TEST(ReducedJpeg, IsCloseToTheMeanOfTheWholePicture) {
  constexpr Size size = {96, 128};
  for (const JpegMake& make : makes()) {
    const Bytes bytes = jpeg_of(test::noisy(size.height, size.width, 12).view(), make);
    const auto full = by_libjpeg(bytes, {0, 0, size.height, size.width}, 1);
    ASSERT_TRUE(full.has_value());
    for (const int shrink : {2, 4, 8}) {
      const Window whole = shrunk_whole(size, shrink);
      const auto ours = by_reduced(bytes, whole, shrink), theirs = by_libjpeg(bytes, whole, shrink);
      ASSERT_TRUE(ours && theirs);
      const Image mean = shrunk_mean(*full, shrink);
      const double apart = difference(*ours, mean).mean;
      EXPECT_LE(apart, 2) << named(make, size, shrink);
      EXPECT_LE(apart, difference(*theirs, mean).mean + 1.25) << named(make, size, shrink);
    }
  }
}

TEST(ReducedJpeg, PartsEqualTheWhole) {
  constexpr Size size = {75, 101};
  for (JpegMake make : makes()) {
    make.restart_interval = 5;
    const Bytes bytes = jpeg_of(test::noisy(size.height, size.width, 12).view(), make);
    for (const int shrink : {2, 4, 8}) {
      const Window all = shrunk_whole(size, shrink);
      const auto whole = by_reduced(bytes, all, shrink);
      ASSERT_TRUE(whole.has_value());
      for (int top = 0; top < all.height; top += 3) {
        for (int left = 0; left < all.width; left += 3) {
          for (const Window& part :
               {Window{top, left, 1, 1}, Window{top, left, all.height - top, all.width - left},
                Window{0, left, top + 1, 1}, Window{top, 0, 1, left + 1}}) {
            const auto pixels = by_reduced(bytes, part, shrink);
            ASSERT_TRUE(pixels.has_value());
            ASSERT_TRUE(equal_pixels(pixels->view(),
                                     whole->view().crop(part.top, part.left, part.height, part.width)))
                << named(make, size, shrink) << ": " << part.top << " " << part.left;
          }
        }
      }
    }
  }
}

TEST(ReducedJpeg, LeavesUncommonFilesToLibjpeg) {
  const Image image = test::noisy(40, 48, 12);
  for (const JpegMake& make : {JpegMake{.colours = JpegColours::rgb}, JpegMake{.across = 4, .down = 1},
                               JpegMake{.across = 1, .down = 4}, JpegMake{.interleaved = false}}) {
    const Bytes bytes = jpeg_of(image.view(), make);
    EXPECT_FALSE(by_reduced(bytes, {0, 0, 1, 1}, 4).has_value());
    EXPECT_TRUE(by_libjpeg(bytes, {0, 0, 1, 1}, 4).has_value());
  }
  for (const char* name :
       {"progressive.jpg", "grey_progressive.jpg", "cmyk.jpg", "ycck.jpg", "bits_12.jpg", "no_tables.jpg",
        "stored_as_rgb.jpg", "two_channels.jpg", "text.jpg", "size_zero.jpg", "rgb_411.jpg"}) {
    EXPECT_FALSE(by_reduced(test::golden_file(name), {0, 0, 1, 1}, 4).has_value()) << name;
  }
  // An MCU of twelve blocks: libjpeg refuses it.
  Bytes bytes = jpeg_of(image.view(), {.restart_interval = 1});
  const Bytes frame = {3, 1, 0x22, 0, 2, 0x11};
  const auto at = std::search(bytes.begin(), bytes.end(), frame.begin(), frame.end());
  ASSERT_NE(at, bytes.end());
  at[5] = at[8] = 0x22;
  EXPECT_FALSE(by_reduced(bytes, {0, 0, 1, 1}, 4).has_value());
  EXPECT_FALSE(by_libjpeg(bytes, {0, 0, 1, 1}, 4).has_value());
}

TEST(ReducedJpeg, OtherScalesAreNotItsOwn) {
  const Bytes bytes = jpeg_of(test::noisy(40, 48, 12).view(), {});
  for (const int shrink : {1, 3, 16}) EXPECT_FALSE(by_reduced(bytes, {0, 0, 1, 1}, shrink).has_value());
}

std::vector<Bytes> small_pictures() {
  std::vector<Bytes> pictures;
  const Image image = test::noisy(19, 34, 30);
  for (JpegMake make : makes()) {
    make.restart_interval = make.across == make.down ? 0 : 2;
    pictures.push_back(jpeg_of(image.view(), make));
  }
  pictures.push_back(jpeg_of(image.view(), {.restart_interval = 1, .optimized = true}));
  pictures.push_back(jpeg_of(image.view(), {.quality = 40, .optimized = true}));
  return pictures;
}

TEST(ReducedJpeg, NoFileThatIsCutIsItsOwn) {
  for (const Bytes& good : small_pictures()) {
    ASSERT_TRUE(by_reduced(good, {0, 0, 1, 1}, 4).has_value());
    for (std::size_t size = 0; size < good.size(); ++size) {
      // Bytes of their own, so that a sanitizer sees a step beyond them.
      const Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_FALSE(by_reduced(cut, {0, 0, 1, 1}, 4).has_value()) << size << " of " << good.size();
    }
    Bytes longer = good;
    longer.insert(longer.end(), {1, 2, 3});  // behind the end: nobody's business
    EXPECT_TRUE(by_reduced(longer, {0, 0, 1, 1}, 4).has_value());
    longer.insert(longer.end() - 5, 0);  // before it
    EXPECT_FALSE(by_reduced(longer, {0, 0, 1, 1}, 4).has_value());
  }
}

// What it takes of damaged files libjpeg takes as well, and sees the same in it but for what lies beyond
// black and white: there a picture with a damaged table may lie as a whole, and libjpeg wraps around.
TEST(ReducedJpeg, DamageIsLibjpegsToJudge) {
  int taken = 0, left = 0, apart = 0;
  const auto compare = [&](const Bytes& bytes, std::size_t at, int shrink) {
    JpegDecoder decoder(bytes);
    if (decoder.read_header() != JpegOutcome::done) return;
    const Size size = decoder.size();
    if (size.height > 300 || size.width > 300) return;
    const Window whole = shrunk_whole(size, shrink);
    const auto ours = by_reduced(bytes, whole, shrink);
    ++(ours ? taken : left);
    if (!ours) return;
    const auto theirs = by_libjpeg(bytes, whole, shrink);
    ASSERT_TRUE(theirs.has_value()) << at;
    apart += difference(*ours, *theirs).mean > 12 ? 1 : 0;
  };
  for (const Bytes& good : small_pictures()) {
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const int value : {0xff, 0xd9, good[i] ^ 0x41}) {
        Bytes bytes = good;
        bytes[i] = static_cast<std::uint8_t>(value);
        compare(bytes, i, i % 2 == 0 ? 2 : 8);
      }
    }
  }
  EXPECT_GT(taken, 1000);
  EXPECT_GT(left, 1000);
  EXPECT_LT(apart, taken / 50);
}

TEST(ReducedJpeg, WrongRestartsAreLeftToLibjpeg) {
  const Bytes good = jpeg_of(test::noisy(40, 48, 12).view(), {.restart_interval = 2});
  int restarts = 0;
  for (std::size_t i = 0; i + 1 < good.size(); ++i) {
    if (good[i] != 0xff || good[i + 1] < 0xd0 || good[i + 1] > 0xd7) continue;
    ++restarts;
    for (int marker = 0xd0; marker <= 0xda; ++marker) {
      Bytes bytes = good;
      bytes[i + 1] = static_cast<std::uint8_t>(marker);
      EXPECT_EQ(by_reduced(bytes, {0, 0, 1, 1}, 4).has_value(), marker == good[i + 1]);
    }
    Bytes missing = good;
    missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i),
                  missing.begin() + static_cast<std::ptrdiff_t>(i) + 2);
    EXPECT_FALSE(by_reduced(missing, {0, 0, 1, 1}, 4).has_value());
  }
  EXPECT_GT(restarts, 3);
}

}  // namespace
}  // namespace graft
