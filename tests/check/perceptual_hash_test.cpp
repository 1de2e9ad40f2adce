#include "graft/check/perceptual_hash.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "graft/check/picture_facts.h"
#include "graft/image/codec.h"
#include "graft/image/resize.h"
#include "tests/image/pixels.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

using test::formula;

Image filled(int height, int width, std::uint8_t value) {
  Image image(height, width);
  std::fill_n(image.data(), image.size_bytes(), value);
  return image;
}

void fill_rectangle(Image& image, const Window& part, std::uint8_t value) {
  for (int y = part.top; y < part.top + part.height; ++y)
    std::fill_n(image.row(y) + part.left * 3, part.width * 3, value);
}

// The output of tools/goldens/perceptual_hash.py.
TEST(PerceptualHash, EqualsImageHashOfFormulaPictures) {
  const struct {
    int height, width;
    std::uint64_t bits;
  } cases[] = {
      {32, 32, 0xc0163c093f355f76},   {33, 21, 0x810a720439777d7f},   {7, 5, 0xad52ab735c24e28b},
      {375, 500, 0xaa5d2a562a5e2b55}, {260, 350, 0x89756955395d2955}, {100, 900, 0xba557d55547f0182},
      {1, 300, 0xd200000000000000},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(perceptual_hash(formula(each.height, each.width).view()).bits, each.bits)
        << each.height << " x " << each.width;
  }
}

TEST(PerceptualHash, EqualsImageHashOfFiles) {
  const struct {
    const char* name;
    std::uint64_t bits;
  } cases[] = {
      {"rgb_444.jpg", 0xc0091f223f3a6b7b},     {"rgb_420.jpg", 0xc0091f2a3f3a6b7a},
      {"progressive.jpg", 0xc0091f2a3f3a6b7a}, {"rgba8.png", 0x952d7a73444a9b95},
      {"palette8.png", 0xa208022200220200},    {"grey8.png", 0x952d4a55555aa9ad},
      {"cmyk.jpg", 0xf6e4c9d585c6aa88},        {"rgb.ppm", 0xa974bb5671890ea6},
  };
  for (const auto& each : cases) {
    const Image image = decode_image(test::golden_file(each.name), each.name);
    EXPECT_EQ(perceptual_hash(image.view()).bits, each.bits) << each.name;
  }
}

// Half of the frequencies are zero, so the median is zero.
TEST(PerceptualHash, EqualsImageHashOfASymmetricPicture) {
  Image image = filled(64, 64, 0);
  fill_rectangle(image, {0, 24, 64, 16}, 255);
  fill_rectangle(image, {8, 0, 8, 64}, 128);
  EXPECT_EQ(perceptual_hash(image.view()).bits, 0x88a2a20808080808U);
  EXPECT_FALSE(perceptual_hash(image.view()).vague);
}

TEST(PerceptualHash, AnotherSizeOrCompressionChangesFewBits) {
  const Image image = resize(formula(20, 30).view(), 300, 400, Interpolation::bicubic);
  const std::uint64_t bits = perceptual_hash(image.view()).bits;
  const Image smaller = resize(image.view(), 150, 170, Interpolation::bilinear);
  EXPECT_LE(bit_distance(bits, perceptual_hash(smaller.view()).bits), 4);
  const std::string poor = encode_jpeg(image.view(), 30);
  const Image decoded =
      decode_image({reinterpret_cast<const std::uint8_t*>(poor.data()), poor.size()}, "poor");
  EXPECT_LE(bit_distance(bits, perceptual_hash(decoded.view()).bits), 4);
  EXPECT_GE(bit_distance(bits, perceptual_hash(flip_horizontal(image.view()).view()).bits), 16);
}

TEST(PerceptualHash, UniformPicturesAreVague) {
  EXPECT_TRUE(perceptual_hash(filled(40, 50, 77).view()).vague);
  EXPECT_TRUE(perceptual_hash(filled(1, 1, 0).view()).vague);
  Image faint = filled(64, 64, 100);
  fill_rectangle(faint, {0, 0, 32, 64}, 102);
  EXPECT_TRUE(perceptual_hash(faint.view()).vague);
  Image cross = filled(64, 64, 0);  // two axes of symmetry
  fill_rectangle(cross, {0, 24, 64, 16}, 255);
  fill_rectangle(cross, {24, 0, 16, 64}, 255);
  EXPECT_TRUE(perceptual_hash(cross.view()).vague);
  EXPECT_FALSE(perceptual_hash(formula(40, 50).view()).vague);
}

TEST(PerceptualHash, LikenessIsACorrelation) {
  const Image image = resize(formula(20, 30).view(), 300, 400, Interpolation::bicubic);
  const PerceptualHash hash = perceptual_hash(image.view());
  EXPECT_NEAR(likeness(hash, hash), 1, 1e-9);
  Image darker = image.clone(), negative = image.clone();
  for (std::size_t i = 0; i < image.size_bytes(); ++i) {
    darker.data()[i] /= 2;
    negative.data()[i] = static_cast<std::uint8_t>(255 - negative.data()[i]);
  }
  EXPECT_GT(likeness(hash, perceptual_hash(darker.view())), 0.99);
  EXPECT_LT(likeness(hash, perceptual_hash(negative.view())), -0.99);
  EXPECT_LT(likeness(hash, perceptual_hash(flip_horizontal(image.view()).view())), 0.7);
  EXPECT_EQ(likeness(hash, perceptual_hash(filled(40, 50, 77).view())), 0);
}

TEST(PerceptualHash, DistanceCountsBits) {
  EXPECT_EQ(bit_distance(0, 0), 0);
  EXPECT_EQ(bit_distance(0, ~std::uint64_t{0}), 64);
  EXPECT_EQ(bit_distance(0b1011, 0b0010), 2);
}

}  // namespace
}  // namespace graft
