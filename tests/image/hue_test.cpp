#include "graft/image/pixel_ops.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "graft/core/error.h"
#include "tests/image/function_goldens.h"

namespace graft {
namespace {

TEST(Hue, EqualsTorchvision) { test::expect_torchvisions_in_place("adjust_hue", adjust_hue); }

TEST(Hue, AThirdOfTheCircleTurnsRedToGreen) {
  Image red(1, 1);
  red.data()[0] = 255, red.data()[1] = red.data()[2] = 0;
  adjust_hue(red, 1.0 / 3);
  EXPECT_EQ(red.data()[0], 0);
  EXPECT_EQ(red.data()[1], 255);
  EXPECT_EQ(red.data()[2], 0);
}

TEST(Hue, GreyHasNone) {
  Image grey(1, 256);
  for (int i = 0; i < 256 * 3; ++i) grey.data()[i] = static_cast<std::uint8_t>(i / 3);
  const Image before = grey.clone();
  adjust_hue(grey, 0.4);
  EXPECT_TRUE(test::equal_pixels(grey.view(), before.view()));
}

TEST(Hue, RefusesMoreThanHalfTheCircle) {
  Image image = test::formula(4, 4);
  EXPECT_THROW(adjust_hue(image, -0.51), UsageError);
  EXPECT_THROW(adjust_hue(image, std::numeric_limits<double>::quiet_NaN()), UsageError);
  EXPECT_THAT([&] { adjust_hue(image, 0.6); },
              testing::ThrowsMessage<UsageError>(testing::HasSubstr("-0.5 to 0.5")));
}

}  // namespace
}  // namespace graft
