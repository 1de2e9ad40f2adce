#include "graft/image/orientation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/image/pixels.h"

namespace graft {
namespace {

// 2 × 3 pixels, each a letter.
Image letters() {
  Image image(2, 3);
  for (std::size_t i = 0; i < 6; ++i)
    std::fill_n(image.data() + i * 3, 3, static_cast<std::uint8_t>('a' + i));
  return image;
}

std::string rows(const Image& image) {
  std::string text;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) text += static_cast<char>(image.row(y)[x * 3]);
    text += '/';
  }
  return text;
}

TEST(Oriented, RotatesAndMirrorsByExif) {
  EXPECT_EQ(rows(oriented(letters(), 1)), "abc/def/");
  EXPECT_EQ(rows(oriented(letters(), 2)), "cba/fed/");
  EXPECT_EQ(rows(oriented(letters(), 3)), "fed/cba/");
  EXPECT_EQ(rows(oriented(letters(), 4)), "def/abc/");
  EXPECT_EQ(rows(oriented(letters(), 5)), "ad/be/cf/");
  EXPECT_EQ(rows(oriented(letters(), 6)), "da/eb/fc/");
  EXPECT_EQ(rows(oriented(letters(), 7)), "fc/eb/da/");
  EXPECT_EQ(rows(oriented(letters(), 8)), "cf/be/ad/");
}

TEST(Oriented, IgnoresOtherValues) {
  for (const int orientation : {-1, 0, 9, 1000})
    EXPECT_EQ(rows(oriented(letters(), orientation)), "abc/def/");
}

// Cropping before orienting equals cropping after it.
TEST(Oriented, MovesRectanglesAsItMovesPixels) {
  const Image image = test::formula(7, 5);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Image turned = oriented(image.clone(), orientation);
    EXPECT_EQ(swaps_sides(orientation), turned.height() == 5);
    const Window window{1, 2, 3, 2};
    const Window stored = stored_window(window, {7, 5}, orientation);
    Image part(stored.height, stored.width);
    for (int y = 0; y < stored.height; ++y) {
      std::copy_n(image.view().crop(stored.top, stored.left, stored.height, stored.width).row(y),
                  part.stride(), part.row(y));
    }
    EXPECT_TRUE(
        test::equal_pixels(oriented(std::move(part), orientation).view(), turned.view().crop(1, 2, 3, 2)))
        << orientation;
    const Box box = oriented({static_cast<double>(stored.top), static_cast<double>(stored.left),
                              static_cast<double>(stored.height), static_cast<double>(stored.width)},
                             {7, 5}, orientation);
    EXPECT_EQ(std::pair(box.top, box.left), std::pair(1.0, 2.0)) << orientation;
    EXPECT_EQ(std::pair(box.height, box.width), std::pair(3.0, 2.0)) << orientation;
  }
}

}  // namespace
}  // namespace graft
