#include "graft/image/pixel_ops.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "graft/core/error.h"
#include "tests/image/function_goldens.h"

namespace graft {
namespace {

TEST(Levels, PosterizeEqualsTorchvision) {
  test::expect_torchvisions_in_place(
      "posterize", [](Image& image, double bits) { posterize(image, static_cast<int>(bits)); });
}

TEST(Levels, SolarizeEqualsTorchvision) { test::expect_torchvisions_in_place("solarize", solarize); }

TEST(Levels, AutocontrastEqualsTorchvision) {
  test::expect_torchvisions_in_place("autocontrast", [](Image& image, double) { autocontrast(image); });
}

TEST(Levels, EqualizeEqualsTorchvision) {
  test::expect_torchvisions_in_place("equalize", [](Image& image, double) { equalize(image); });
}

TEST(Levels, AutocontrastKeepsAUniformImage) {
  Image flat(6, 50);
  std::fill_n(flat.data(), flat.size_bytes(), std::uint8_t{77});
  autocontrast(flat);
  equalize(flat);
  EXPECT_EQ(std::count(flat.data(), flat.data() + flat.size_bytes(), 77),
            static_cast<std::ptrdiff_t>(flat.size_bytes()));
}

// 400 pixels below the largest value give a step of 1, and so levels above 255, which Pillow clamps.
TEST(Levels, EqualizeOfFewPixelsStaysWithinEightBits) {
  Image image(1, 401);
  std::fill_n(image.data(), image.size_bytes() - 3, std::uint8_t{10});
  std::fill_n(image.row(0) + 400 * 3, 3, std::uint8_t{20});
  equalize(image);
  EXPECT_EQ(image.data()[0], 0);
  EXPECT_EQ(image.row(0)[400 * 3], 255);
}

TEST(Levels, EmptyPicturesStayEmpty) {
  Image empty(0, 3);
  posterize(empty, 4);
  solarize(empty, 128);
  autocontrast(empty);
  equalize(empty);
  EXPECT_TRUE(empty.empty());
}

TEST(Levels, PosterizeKeepsOneToEightBits) {
  Image image = test::formula(4, 4);
  EXPECT_THROW(posterize(image, 0), UsageError);
  EXPECT_THROW(posterize(image, 9), UsageError);
}

}  // namespace
}  // namespace graft
