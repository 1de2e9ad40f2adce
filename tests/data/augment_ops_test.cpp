#include "graft/data/augment_ops.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/image/pixels.h"

namespace graft {
namespace {

TEST(AugmentOps, EqualTorchvisionInEveryPixel) {
  int steps = 0;
  for (const auto& line : test::augment_golden("steps.json")) {
    const AugmentStep step{static_cast<AugmentOp>(line[1].get<int>()), line[2]};
    const Image image = apply_step(test::augment_picture(line[0]), step);
    EXPECT_EQ(test::pixel_hash(image.view()), line[3]) << line;
    ++steps;
  }
  EXPECT_EQ(steps, 837);
}

TEST(AugmentOps, AreDrawnAboutEquallyOften) {
  std::vector<int> seen(augment_op_count);
  for (std::uint64_t i = 0; i < 14'000; ++i) {
    Random random(5, 0, i);
    ++seen[static_cast<std::size_t>(draw_op(random))];
  }
  for (const int count : seen) EXPECT_NEAR(count, 1000, 125);  // four standard deviations
}

TEST(AugmentOps, ASignedMagnitudeIsNegativeHalfTheTime) {
  const MagnitudeRange range{0, 32, true};
  int negative = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    Random random(5, 0, i);
    const AugmentStep step = draw_step(AugmentOp::translate_x, range, 30, random);
    EXPECT_EQ(std::abs(step.magnitude), 32);
    negative += step.magnitude < 0 ? 1 : 0;
  }
  EXPECT_NEAR(negative, 500, 63);
}

TEST(AugmentOps, UnsignedMagnitudesHaveNoSign) {
  Random random(5, 0, 0), untouched(5, 0, 0);
  EXPECT_EQ(draw_step(AugmentOp::solarize, {255, 0, false}, 30, random),
            (AugmentStep{AugmentOp::solarize, 0}));
  EXPECT_EQ(random.bits(), untouched.bits());
}

}  // namespace
}  // namespace graft
