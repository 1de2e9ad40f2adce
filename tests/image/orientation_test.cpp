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

TEST(Oriented, TurnsAndMirrorsAsExifSays) {
  EXPECT_EQ(rows(oriented(letters(), 1)), "abc/def/");
  EXPECT_EQ(rows(oriented(letters(), 2)), "cba/fed/");
  EXPECT_EQ(rows(oriented(letters(), 3)), "fed/cba/");
  EXPECT_EQ(rows(oriented(letters(), 4)), "def/abc/");
  EXPECT_EQ(rows(oriented(letters(), 5)), "ad/be/cf/");
  EXPECT_EQ(rows(oriented(letters(), 6)), "da/eb/fc/");
  EXPECT_EQ(rows(oriented(letters(), 7)), "fc/eb/da/");
  EXPECT_EQ(rows(oriented(letters(), 8)), "cf/be/ad/");
}

TEST(Oriented, LeavesOtherValuesAlone) {
  for (const int orientation : {-1, 0, 9, 1000})
    EXPECT_EQ(rows(oriented(letters(), orientation)), "abc/def/");
}

}  // namespace
}  // namespace graft
