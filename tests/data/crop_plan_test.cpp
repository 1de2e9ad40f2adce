#include "graft/data/crop_plan.h"

#include <gtest/gtest.h>

#include "graft/data/transform.h"
#include "tests/data/pictures.h"

namespace graft {
namespace {

// What a decoder that gives plan.part alone would hand over.
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

TEST(CropPlan, TrainingDrawsWhatTheTransformDraws) {
  const Image image = test::formula_picture(45, 61);
  const Preprocess preprocess = test::preprocess_of(16, 12);
  for (std::uint64_t i = 0; i < 50; ++i) {
    const CropPlan plan = train_plan({45, 61}, preprocess, 0.08, Random(3, 1, i));
    Image got = run_plan(plan, part_of(image, plan), preprocess);
    if (plan.flip) got = flip_horizontal(got.view());
    EXPECT_TRUE(test::ppm(got) == test::ppm(transform_train(image.view(), preprocess, Random(3, 1, i))));
  }
}

TEST(CropPlan, ShrinksByWhatIsResized) {
  const Preprocess preprocess = test::preprocess_of(20, 10);
  EXPECT_EQ(largest_shrink(val_plan({320, 400}, preprocess)), 8);
  EXPECT_EQ(largest_shrink(val_plan({319, 400}, preprocess)), 4);
  EXPECT_EQ(largest_shrink(val_plan({79, 400}, preprocess)), 1);
}

}  // namespace
}  // namespace graft
