// Rotation is compared with torchvision here; shears and translations, which only the policies use, are
// compared in tests/data/augment_ops_test.cpp.
#include "graft/image/pixel_ops.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "graft/image/resize.h"
#include "tests/image/function_goldens.h"

namespace graft {
namespace {

using test::equal_pixels;
using test::formula;

TEST(Affine, RotationEqualsTorchvision) {
  test::expect_torchvisions("rotate",
                            [](const Image& image, double degrees) { return rotate(image.view(), degrees); });
}

TEST(Affine, AQuarterTurnIsCounterClockwise) {
  const Image image = formula(6, 6), turned = rotate(image.view(), 90);
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 6; ++x)
      EXPECT_TRUE(equal_pixels(turned.view().crop(y, x, 1, 1), image.view().crop(x, 5 - y, 1, 1)));
  }
}

TEST(Affine, MovesRightAndDownAndFillsWithBlack) {
  const Image image = formula(7, 9), moved = translate(image.view(), 3, -2);
  EXPECT_TRUE(equal_pixels(moved.view().crop(0, 3, 5, 6), image.view().crop(2, 0, 5, 6)));
  Image black(7, 9);
  std::fill_n(black.data(), black.size_bytes(), std::uint8_t{0});
  EXPECT_TRUE(equal_pixels(moved.view().crop(0, 0, 7, 3), black.view().crop(0, 0, 7, 3)));
  EXPECT_TRUE(equal_pixels(moved.view().crop(5, 0, 2, 9), black.view().crop(5, 0, 2, 9)));
  EXPECT_TRUE(equal_pixels(translate(image.view(), 9, 0).view(), black.view()));
}

TEST(Affine, ShearsMoveRowsAndColumns) {
  const Image image = formula(8, 8);
  const Image x = shear_x(image.view(), 0.5), y = shear_y(image.view(), 0.5);
  EXPECT_TRUE(equal_pixels(x.view().crop(0, 0, 1, 8), image.view().crop(0, 0, 1, 8)));
  EXPECT_TRUE(equal_pixels(x.view().crop(6, 0, 1, 5), image.view().crop(6, 3, 1, 5)));
  EXPECT_TRUE(equal_pixels(y.view().crop(0, 6, 5, 1), image.view().crop(3, 6, 5, 1)));
}

TEST(Affine, ReadsAViewByItsStride) {
  const Image image = formula(12, 15);
  const ImageView part = image.view().crop(2, 3, 7, 9);
  Image copy = translate(part, 0, 0);
  EXPECT_TRUE(equal_pixels(copy.view(), part));
  EXPECT_TRUE(equal_pixels(rotate(part, 33).view(), rotate(copy.view(), 33).view()));
  EXPECT_TRUE(rotate(ImageView(), 33).empty());
}

}  // namespace
}  // namespace graft
