#include "graft/data/random_erasing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/image/pixels.h"

namespace graft {
namespace {

TEST(RandomErasing, TheSameDrawsGiveTorchvisionsBox) {
  int boxes = 0, nothing = 0;
  for (const auto& line : test::augment_golden("erasing.json")) {
    const Size picture{line["height"], line["width"]};
    std::optional<Size> size;
    for (const auto& one_try : line["tries"]) {
      ASSERT_FALSE(size) << "torchvision continued after an attempt that fits";
      size = erased_size(picture, one_try[0], one_try[1]);
    }
    if (size) {
      EXPECT_EQ(size->height, line["box"][2].get<int>()) << line;
      EXPECT_EQ(size->width, line["box"][3].get<int>()) << line;
      ++boxes;
    } else {
      EXPECT_EQ(line["box"], nlohmann::json({0, 0, picture.height, picture.width})) << "the whole image";
      ++nothing;
    }
  }
  EXPECT_EQ(boxes + nothing, 72);
  EXPECT_GT(nothing, 5);
}

TEST(RandomErasing, HasItsProbabilityAndIsInside) {
  const Size picture{100, 80};
  for (const double probability : {0.0, 0.1, 0.5, 1.0}) {
    int erased = 0;
    double area = 0, top = 0, left = 0;
    constexpr int draws = 10'000;
    for (std::uint64_t i = 0; i < draws; ++i) {
      Random random(3, 0, i);
      const auto window = random_erasing(picture, {.probability = probability}, random);
      if (!window) continue;
      ASSERT_TRUE(window->top >= 0 && window->top + window->height <= picture.height);
      ASSERT_TRUE(window->left >= 0 && window->left + window->width <= picture.width);
      const double share = static_cast<double>(window->height) * window->width / (100.0 * 80);
      ASSERT_TRUE(share > 0.015 && share < 0.35);
      area += share;
      top += static_cast<double>(window->top) / (picture.height - window->height);
      left += static_cast<double>(window->left) / (picture.width - window->width);
      ++erased;
    }
    EXPECT_NEAR(erased, draws * probability, 200);  // four standard deviations
    if (erased == 0) continue;
    EXPECT_NEAR(area / erased, 0.175, 0.015);
    EXPECT_NEAR(top / erased, 0.5, 0.04);
    EXPECT_NEAR(left / erased, 0.5, 0.04);
  }
}

TEST(RandomErasing, KeepsAnImageOfOnePixel) {
  for (std::uint64_t i = 0; i < 100; ++i) {
    Random random(3, 0, i);
    const auto window = random_erasing({1, 1}, {.probability = 1}, random);
    if (window) {
      EXPECT_EQ(window->height * window->width, 0);
    }
  }
}

TEST(RandomErasing, SetsTheWindowToZeroInBothLayouts) {
  const Size picture{5, 7};
  const Window window{1, 2, 3, 4};
  std::vector<float> planar(3 * 5 * 7, 1.0F), last = planar;
  erase(planar.data(), picture, BatchLayout::planar, window);
  erase(last.data(), picture, BatchLayout::channels_last, window);
  for (int y = 0; y < 5; ++y) {
    for (int x = 0; x < 7; ++x) {
      const bool inside = y >= 1 && y < 4 && x >= 2 && x < 6;
      for (int c = 0; c < 3; ++c) {
        EXPECT_EQ(planar[static_cast<std::size_t>((c * 5 + y) * 7 + x)], inside ? 0.0F : 1.0F);
        EXPECT_EQ(last[static_cast<std::size_t>((y * 7 + x) * 3 + c)], inside ? 0.0F : 1.0F);
      }
    }
  }
  erase(planar.data(), picture, BatchLayout::planar, {5, 7, 0, 0});  // an empty window at the end
}

}  // namespace
}  // namespace graft
