#include "graft/image/pixel_ops.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "graft/core/error.h"
#include "tests/image/function_goldens.h"

namespace graft {
namespace {

constexpr void (*adjustments[])(Image&, double) = {adjust_brightness, adjust_saturation, adjust_contrast,
                                                   adjust_sharpness};

TEST(Enhance, BrightnessEqualsTorchvision) {
  test::expect_torchvisions_in_place("adjust_brightness", adjust_brightness);
}

TEST(Enhance, SaturationEqualsTorchvision) {
  test::expect_torchvisions_in_place("adjust_saturation", adjust_saturation);
}

TEST(Enhance, ContrastEqualsTorchvision) {
  test::expect_torchvisions_in_place("adjust_contrast", adjust_contrast);
}

TEST(Enhance, SharpnessEqualsTorchvision) {
  test::expect_torchvisions_in_place("adjust_sharpness", adjust_sharpness);
}

TEST(Enhance, FactorOneChangesNothing) {
  const Image source = test::augment_picture("rough");
  for (const auto& change : adjustments) {
    Image image = source.clone();
    change(image, 1);
    EXPECT_TRUE(test::equal_pixels(image.view(), source.view()));
  }
}

TEST(Enhance, PicturesMayBeSmallOrEmpty) {
  for (const Size& size : {Size{0, 0}, Size{0, 5}, Size{1, 1}, Size{2, 9}, Size{9, 2}, Size{3, 3}}) {
    for (const auto& change : adjustments) {
      Image image = test::formula(size.height, size.width);
      change(image, 0.3);
      EXPECT_EQ(image.height(), size.height);
    }
  }
  Image narrow = test::formula(9, 2);
  adjust_sharpness(narrow, 2);  // none of the pixels has eight neighbours
  EXPECT_TRUE(test::equal_pixels(narrow.view(), test::formula(9, 2).view()));
}

TEST(Enhance, RefusesInvalidFactors) {
  Image image = test::formula(4, 4);
  for (const double factor :
       {-0.01, 2e6, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    for (const auto& change : adjustments) EXPECT_THROW(change(image, factor), UsageError);
  }
  EXPECT_THAT([&] { adjust_contrast(image, -1); },
              testing::ThrowsMessage<UsageError>(testing::HasSubstr("adjust_contrast: factor -1")));
}

}  // namespace
}  // namespace graft
