#include "graft/data/color_jitter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

#include "graft/core/error.h"
#include "tests/image/pixels.h"

namespace graft {
namespace {

TEST(ColorJitter, EqualsTorchvisionInEveryOrder) {
  int orders = 0;
  for (const auto& line : test::augment_golden("jitter.json")) {
    const auto& values = line["values"];
    ColorJitter jitter{
        .brightness = values[0], .contrast = values[1], .saturation = values[2], .hue = values[3]};
    for (std::size_t i = 0; i < 4; ++i)
      jitter.order.at(i) = static_cast<JitterStep>(line["order"][i].get<int>());
    Image image = test::augment_picture(line["picture"]);
    apply_color_jitter(image, jitter);
    EXPECT_EQ(test::pixel_hash(image.view()), line["pixels"]) << line;
    ++orders;
  }
  EXPECT_EQ(orders, 48);
}

TEST(ColorJitter, DrawsWithinItsRangesInAllOrders) {
  AugmentOptions options;
  options.jitter_brightness = 0.4;
  options.jitter_contrast = 1.5;
  options.jitter_saturation = 0.2;
  options.jitter_hue = 0.1;
  std::map<std::array<JitterStep, 4>, int> orders;
  double brightness = 0, least_contrast = 9, largest_contrast = 0, hue = 0;
  constexpr int draws = 12'000;
  for (std::uint64_t i = 0; i < draws; ++i) {
    Random random(7, 1, i);
    const ColorJitter jitter = draw_color_jitter(options, random);
    ++orders[jitter.order];
    ASSERT_TRUE(*jitter.brightness >= 0.6 && *jitter.brightness < 1.4);
    ASSERT_TRUE(*jitter.saturation >= 0.8 && *jitter.saturation < 1.2);
    ASSERT_TRUE(*jitter.hue >= -0.1 && *jitter.hue < 0.1);
    brightness += *jitter.brightness / draws;
    hue += *jitter.hue / draws;
    least_contrast = std::min(least_contrast, *jitter.contrast);
    largest_contrast = std::max(largest_contrast, *jitter.contrast);
  }
  EXPECT_EQ(orders.size(), 24U);
  for (const auto& [order, count] : orders) EXPECT_NEAR(count, 500, 90);  // four standard deviations
  EXPECT_NEAR(brightness, 1, 0.009);
  EXPECT_NEAR(hue, 0, 0.0025);
  EXPECT_NEAR(least_contrast, 0, 0.01);  // clamped at 0
  EXPECT_GE(least_contrast, 0);
  EXPECT_NEAR(largest_contrast, 2.5, 0.01);
}

TEST(ColorJitter, SkipsDisabledChanges) {
  AugmentOptions options;
  options.jitter_contrast = 0.3;
  Random random(7, 1, 0);
  const ColorJitter jitter = draw_color_jitter(options, random);
  EXPECT_TRUE(jitter.contrast && !jitter.brightness && !jitter.saturation && !jitter.hue);
  Image image = test::augment_picture("rough");
  apply_color_jitter(image, ColorJitter());
  EXPECT_TRUE(test::equal_pixels(image.view(), test::augment_picture("rough").view()));
}

TEST(ColorJitter, RefusesInvalidShifts) {
  Image image = test::augment_picture("rough");
  EXPECT_THROW(apply_color_jitter(image, {.hue = 0.7}), UsageError);
  EXPECT_THROW(apply_color_jitter(image, {.brightness = -1}), UsageError);
}

}  // namespace
}  // namespace graft
