#include "graft/data/transform.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/data/pictures.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

// Not EXPECT_EQ, which would print all bytes.
void expect_golden(const Image& image, const std::string& name) {
  EXPECT_TRUE(test::ppm(image) == test::golden_ppm(name)) << name;
}

TEST(Transform, ValidationEqualsTorchvision) {
  const Image source = test::formula_picture(45, 61);
  const auto val = [&](int resize, Interpolation interpolation) {
    return transform_val(source.view(), test::preprocess_of(resize, 20, interpolation));
  };
  expect_golden(val(24, Interpolation::bilinear), "transform_val_bilinear.ppm");
  expect_golden(val(24, Interpolation::bicubic), "transform_val_bicubic.ppm");
  expect_golden(val(13, Interpolation::bilinear), "transform_val_padded.ppm");
}

TEST(Transform, ACropIsResizedAsTorchvisionsResizedCrop) {
  const Image source = test::formula_picture(45, 61);
  const ImageView part = source.view().crop(5, 9, 31, 40);
  expect_golden(resize(part, 16, 16, Interpolation::bilinear), "transform_crop_bilinear.ppm");
  expect_golden(resize(part, 16, 16, Interpolation::bicubic), "transform_crop_bicubic.ppm");
}

// Each training image is the crop given by its random numbers, and half of them are mirrored.
TEST(Transform, TrainingIsARandomCropMirroredHalfTheTime) {
  const Image source = test::formula_picture(45, 61);
  constexpr int draws = 1000;
  std::array<int, 2> seen = {};
  for (std::uint64_t i = 0; i < draws; ++i) {
    Random same(3, 1, i);
    const CropBox box = random_resized_crop(45, 61, {}, same);
    const Image plain =
        resize(source.view().crop(box.top, box.left, box.height, box.width), 12, 12, Interpolation::bilinear);
    const std::string got =
        test::ppm(transform_train(source.view(), test::preprocess_of(16, 12), Random(3, 1, i)));
    const bool mirrored = got != test::ppm(plain);
    if (mirrored) {
      ASSERT_TRUE(got == test::ppm(flip_horizontal(plain.view())));
    }
    ++seen[mirrored ? 1 : 0];
  }
  EXPECT_NEAR(seen[1], draws / 2, 60);  // about four standard deviations
}

TEST(Transform, TheSmallestPictureIsEnlarged) {
  const Image dot = test::formula_picture(1, 1);
  EXPECT_EQ(test::ppm(transform_val(dot.view(), test::preprocess_of(8, 6))),
            test::ppm(transform_train(dot.view(), test::preprocess_of(8, 6), Random(0, 0, 0))));
}

}  // namespace
}  // namespace graft
