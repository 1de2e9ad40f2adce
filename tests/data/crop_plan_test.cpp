#include "graft/data/crop_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "graft/data/transform.h"
#include "tests/data/pictures.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

// The output of a decoder that decodes only plan.part.
DecodedPart part_of(const Image& image, const CropPlan& plan) {
  const Window& part = plan.part;
  Image pixels = resize(image.view().crop(part.top, part.left, part.height, part.width), part.height,
                        part.width, Interpolation::bilinear);
  return {std::move(pixels),
          {image.height(), image.width()},
          1,
          -static_cast<double>(part.top),
          -static_cast<double>(part.left)};
}

TEST(CropPlan, ValidationNeedsOnlyItsPart) {
  for (const Size& size : {Size{45, 61}, Size{61, 45}, Size{30, 30}, Size{12, 90}}) {
    const Image image = test::formula_picture(size.height, size.width);
    for (const Interpolation interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
      for (const auto& [resize, crop] : {std::pair(24, 20), std::pair(24, 24), std::pair(13, 20)}) {
        const Preprocess preprocess = test::preprocess_of(resize, crop, interpolation);
        const CropPlan plan = val_plan(size, preprocess);
        EXPECT_TRUE(test::ppm(run_plan(plan, part_of(image, plan), preprocess)) ==
                    test::ppm(transform_val(image.view(), preprocess)))
            << size.height << " x " << size.width << " " << resize << " " << crop;
      }
    }
  }
}

// torchvision.transforms.TenCrop: FiveCrop of the image and of the mirrored image.
TEST(CropPlan, PlacesEqualTenCrop) {
  constexpr std::array as_it_is = {CropPlace::top_left, CropPlace::top_right, CropPlace::bottom_left,
                                   CropPlace::bottom_right, CropPlace::centre};
  constexpr std::array of_mirrored = {CropPlace::top_right, CropPlace::top_left, CropPlace::bottom_right,
                                      CropPlace::bottom_left, CropPlace::mirrored_centre};
  std::ifstream file(test::golden("data/ten_crop.txt"));
  std::string text;
  std::getline(file, text);  // the header
  int pictures = 0;
  for (; std::getline(file, text); ++pictures) {
    std::istringstream line(text);
    Size size;
    int crop = 0;
    line >> size.height >> size.width >> crop;
    const Preprocess preprocess =
        test::preprocess_of(std::min(size.height, size.width), crop, Interpolation::bilinear);
    for (std::size_t view = 0; view < 10; ++view) {
      Window wanted{0, 0, crop, crop};
      char bar = 0;
      int mirrored = 0;
      line >> bar >> wanted.top >> wanted.left >> mirrored;
      ASSERT_TRUE(line) << text;
      EXPECT_EQ(mirrored, view < 5 ? 0 : 1);
      const CropPlace place = view < 5 ? as_it_is[view] : of_mirrored[view - 5];
      EXPECT_EQ(val_plan(size, preprocess, place).window, wanted) << text << " view " << view;
    }
  }
  EXPECT_EQ(pictures, 7);
}

TEST(CropPlan, TheWholePictureIsSquashedOrPadded) {
  for (const Size& size : {Size{45, 61}, Size{61, 45}, Size{30, 30}, Size{12, 90}, Size{1, 300}}) {
    const Image image = test::formula_picture(size.height, size.width);
    for (const Fit fit : {Fit::squash, Fit::pad}) {
      Preprocess preprocess = test::preprocess_of(24, 20, Interpolation::bilinear);
      preprocess.fit = fit;
      const CropPlan plan = val_plan(size, preprocess);
      EXPECT_EQ(plan.part, (Window{0, 0, size.height, size.width}));
      const Image seen = run_plan(plan, part_of(image, plan), preprocess);
      EXPECT_EQ(seen.height(), 20);
      EXPECT_EQ(seen.width(), 20);
      EXPECT_TRUE(test::ppm(seen) == test::ppm(transform_val(image.view(), preprocess)));
      if (fit == Fit::squash) {
        EXPECT_TRUE(test::ppm(seen) == test::ppm(resize(image.view(), 20, 20, Interpolation::bilinear)));
      }
    }
  }
}

TEST(CropPlan, PaddingHasTheMeanColourAndThePictureInTheMiddle) {
  const Image image = test::formula_picture(10, 40);
  Preprocess preprocess = test::preprocess_of(24, 20, Interpolation::bilinear);
  preprocess.fit = Fit::pad;
  preprocess.mean = {0.2F, 0.4F, 1.0F};
  const Image seen = transform_val(image.view(), preprocess);
  const Image inner = resize(image.view(), 5, 20, Interpolation::bilinear);
  for (int y = 0; y < 20; ++y) {
    const bool inside = y >= 7 && y < 12;
    for (int x = 0; x < 20; ++x) {
      const std::uint8_t border[] = {51, 102, 255};
      const std::uint8_t* expected = inside ? inner.row(y - 7) + static_cast<std::ptrdiff_t>(x) * 3 : border;
      for (int c = 0; c < 3; ++c) EXPECT_EQ(seen.row(y)[x * 3 + c], expected[c]) << y << ' ' << x;
    }
  }
}

TEST(CropPlan, TrainingDrawsEqualTheTransforms) {
  const Image image = test::formula_picture(45, 61);
  const Preprocess preprocess = test::preprocess_of(16, 12);
  for (std::uint64_t i = 0; i < 50; ++i) {
    const CropPlan plan = train_plan({45, 61}, preprocess, 0.08, Random(3, 1, i));
    Image got = run_plan(plan, part_of(image, plan), preprocess);
    if (plan.flip) got = flip_horizontal(got.view());
    EXPECT_TRUE(test::ppm(got) == test::ppm(transform_train(image.view(), preprocess, Random(3, 1, i))));
  }
}

TEST(CropPlan, ShrinksByTheResizedPart) {
  const Preprocess preprocess = test::preprocess_of(20, 10);
  EXPECT_EQ(largest_shrink(val_plan({320, 400}, preprocess)), 8);
  EXPECT_EQ(largest_shrink(val_plan({319, 400}, preprocess)), 4);
  EXPECT_EQ(largest_shrink(val_plan({79, 400}, preprocess)), 1);
}

}  // namespace
}  // namespace graft
