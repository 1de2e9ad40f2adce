#include "graft/data/augment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <sstream>
#include <vector>

#include "tests/support/test_data.h"

namespace graft {

std::ostream& operator<<(std::ostream& out, const CropBox& box) {
  return out << box.top << ' ' << box.left << ' ' << box.height << ' ' << box.width;
}
std::istream& operator>>(std::istream& in, CropBox& box) {
  return in >> box.top >> box.left >> box.height >> box.width;
}

namespace {

std::vector<std::istringstream> golden_lines(const char* name) {
  std::vector<std::istringstream> lines;
  std::ifstream file(test::golden(name));
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with('#')) lines.emplace_back(line);
  }
  return lines;
}

TEST(Augment, TheSameDrawsGiveTorchvisionsBox) {
  int boxes = 0, fallbacks = 0;
  for (std::istringstream& line : golden_lines("data/crop_tries.txt")) {
    int height = 0, width = 0;
    CropBox expected;
    ASSERT_TRUE(line >> height >> width >> expected);
    std::optional<CropSize> size;
    for (double scale = 0, ratio = 0; line >> scale >> ratio;) {
      ASSERT_FALSE(size) << "torchvision continued after an attempt that fits";
      size = crop_size(height, width, scale, ratio);
    }
    if (size) {
      EXPECT_EQ(*size, (CropSize{expected.height, expected.width}));
    } else {
      EXPECT_EQ(fallback_crop(height, width, {}), expected);
      ++fallbacks;
    }
    ++boxes;
  }
  EXPECT_EQ(boxes, 108);
  EXPECT_GT(fallbacks, 5);
}

TEST(Augment, FallbackIsTheLargestCentreCropWithinTheRatios) {
  EXPECT_EQ(fallback_crop(100, 100, {}), (CropBox{0, 0, 100, 100}));
  EXPECT_EQ(fallback_crop(600, 90, {}), (CropBox{240, 0, 120, 90}));
  EXPECT_EQ(fallback_crop(90, 601, {}), (CropBox{0, 240, 90, 120}));
  EXPECT_EQ(fallback_crop(1, 1000, {}), (CropBox{0, 499, 1, 1}));
  EXPECT_EQ(fallback_crop(1000, 1, {}), (CropBox{499, 0, 1, 1}));
}

TEST(Augment, HalvesAreRoundedToTheEvenNeighbour) {
  // sqrt(5 · 5 · 0.25) = 2.5 and sqrt(7 · 7 · 0.25) = 3.5
  EXPECT_EQ(crop_size(5, 5, 0.25, 1), (CropSize{2, 2}));
  EXPECT_EQ(crop_size(7, 7, 0.25, 1), (CropSize{4, 4}));
}

TEST(Augment, TheSmallestImageIsUsedWhole) {
  Random random(0, 0, 0);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random_resized_crop(1, 1, {}, random), (CropBox{0, 0, 1, 1}));
}

struct Statistics {
  double mean, low, median, high;  // quantiles 0.1, 0.5, 0.9
};

Statistics statistics_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  double sum = 0;
  for (const double value : values) sum += value;
  const auto quantile = [&](std::size_t tenths) { return values[(values.size() - 1) * tenths / 10]; };
  return {sum / static_cast<double>(values.size()), quantile(1), quantile(5), quantile(9)};
}

void expect_near(const Statistics& seen, std::istream& line, double tolerance, const char* what) {
  Statistics expected{};
  ASSERT_TRUE(line >> expected.mean >> expected.low >> expected.median >> expected.high);
  EXPECT_NEAR(seen.mean, expected.mean, tolerance) << what;
  EXPECT_NEAR(seen.low, expected.low, tolerance) << what;
  EXPECT_NEAR(seen.median, expected.median, tolerance) << what;
  EXPECT_NEAR(seen.high, expected.high, tolerance) << what;
}

TEST(Augment, BoxesAreDistributedAsTorchvisions) {
  constexpr std::size_t draws = 100'000;
  int sizes = 0;
  for (std::istringstream& line : golden_lines("data/crop_statistics.txt")) {
    int height = 0, width = 0;
    double fallback_share = 0;
    CropBox fallback;
    ASSERT_TRUE(line >> height >> width >> fallback_share >> fallback);
    SCOPED_TRACE(std::to_string(height) + " x " + std::to_string(width));
    EXPECT_EQ(fallback_crop(height, width, {}), fallback);
    std::vector<double> area(draws), log_ratio(draws), top(draws), left(draws);
    std::size_t fallbacks = 0;
    for (std::size_t i = 0; i < draws; ++i) {
      Random random(0, 0, i);
      const CropBox box = random_resized_crop(height, width, {}, random);
      ASSERT_TRUE(box.top >= 0 && box.top + box.height <= height);
      ASSERT_TRUE(box.left >= 0 && box.left + box.width <= width);
      area[i] = static_cast<double>(box.height) * box.width / (static_cast<double>(height) * width);
      log_ratio[i] = std::log(static_cast<double>(box.width) / box.height);
      top[i] = box.top;
      left[i] = box.left;
      fallbacks += box == fallback ? 1 : 0;
    }
    // About six standard errors of 100,000 draws, and a pixel's rounding.
    EXPECT_NEAR(static_cast<double>(fallbacks) / draws, fallback_share, 0.008);
    expect_near(statistics_of(area), line, 0.01, "area");
    expect_near(statistics_of(log_ratio), line, 0.01, "log ratio");
    expect_near(statistics_of(top), line, 0.012 * height, "top");
    expect_near(statistics_of(left), line, 0.012 * width, "left");
    ++sizes;
  }
  EXPECT_EQ(sizes, 5);
}

}  // namespace
}  // namespace graft
