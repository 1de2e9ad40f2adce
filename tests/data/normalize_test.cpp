// Normalizer, normalize_to and denormalize.
#include "graft/data/normalize.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <fstream>
#include <limits>
#include <vector>

#include "graft/data/transform.h"
#include "tests/data/pictures.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

Preprocess lite_preprocess() {
  Preprocess preprocess;
  preprocess.mean = {0.498F, 0.498F, 0.498F};
  preprocess.std = {0.502F, 0.502F, 0.502F};
  return preprocess;
}

// A row of all 256 values, the same in each channel.
Image all_values() {
  Image image(1, 256);
  for (int i = 0; i < 256 * 3; ++i) image.data()[i] = static_cast<std::uint8_t>(i / 3);
  return image;
}

TEST(Normalize, EqualsTorchvisionInEveryBit) {
  const Image image = all_values();
  std::vector<float> imagenet(3 * 256), lite(3 * 256);
  normalize_to(image.view(), Preprocess(), imagenet.data());
  normalize_to(image.view(), lite_preprocess(), lite.data());
  std::ifstream golden(test::golden("data/normalize.txt"));
  std::string line;
  std::getline(golden, line);
  std::size_t value = 0;
  std::uint32_t red = 0, green = 0, blue = 0, other = 0;
  int lines = 0;
  while (golden >> std::dec >> value >> std::hex >> red >> green >> blue >> other) {
    EXPECT_EQ(std::bit_cast<std::uint32_t>(imagenet[value]), red) << value;
    EXPECT_EQ(std::bit_cast<std::uint32_t>(imagenet[256 + value]), green) << value;
    EXPECT_EQ(std::bit_cast<std::uint32_t>(imagenet[512 + value]), blue) << value;
    EXPECT_EQ(std::bit_cast<std::uint32_t>(lite[value]), other) << value;
    ++lines;
  }
  EXPECT_EQ(lines, 256);
}

TEST(Normalize, IsPlanarAndReadsAViewByItsStride) {
  const Image image = test::formula_picture(9, 11);
  const ImageView part = image.view().crop(2, 3, 4, 5);
  Preprocess plain;
  plain.mean = {0, 0, 0};
  plain.std = {1, 1, 1};
  std::vector<float> out(3 * 4 * 5);
  normalize_to(part, plain, out.data());
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < 4; ++y) {
      for (int x = 0; x < 5; ++x) {
        EXPECT_EQ(out[static_cast<std::size_t>((c * 4 + y) * 5 + x)],
                  static_cast<float>(image.row(y + 2)[(x + 3) * 3 + c]) / 255.0F);
      }
    }
  }
}

TEST(Normalizer, MirrorsAndInterleaves) {
  const Image image = test::formula_picture(4, 7);
  const Image mirrored = flip_horizontal(image.view());
  const Normalizer normalizer{Preprocess()};
  std::vector<float> plain(3 * 28), flipped(3 * 28), last(3 * 28), expected(3 * 28);
  normalize_to(image.view(), Preprocess(), plain.data());
  normalizer.write(image.view(), true, BatchLayout::planar, flipped.data());
  normalize_to(mirrored.view(), Preprocess(), expected.data());
  EXPECT_EQ(flipped, expected);
  normalizer.write(image.view(), false, BatchLayout::channels_last, last.data());
  for (std::size_t i = 0; i < 28; ++i) {
    for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(last[i * 3 + c], plain[c * 28 + i]);
  }
  normalizer.write(image.view(), true, BatchLayout::channels_last, last.data());
  for (std::size_t i = 0; i < 28; ++i) {
    for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(last[i * 3 + c], flipped[c * 28 + i]);
  }
}

TEST(Denormalize, IsTheInverseForEveryValue) {
  const Image image = all_values();
  std::vector<float> planar(3 * 256);
  for (const Preprocess& preprocess : {Preprocess(), lite_preprocess()}) {
    normalize_to(image.view(), preprocess, planar.data());
    EXPECT_EQ(test::ppm(denormalize(planar.data(), 1, 256, preprocess)), test::ppm(image));
  }
}

TEST(Denormalize, ClampsToEightBits) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> planar = {-9, 9, -infinity, infinity, std::nanf(""), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  const Image image = denormalize(planar.data(), 1, 5, Preprocess());
  const std::uint8_t expected[] = {0, 255, 0, 255, 0};
  for (int x = 0; x < 5; ++x) EXPECT_EQ(image.data()[x * 3], expected[x]) << x;
}

}  // namespace
}  // namespace graft
