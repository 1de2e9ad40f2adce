#include "graft/data/rand_augment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/data/policy_goldens.h"

namespace graft {
namespace {

TEST(RandAugment, HasTorchvisionsMagnitudes) {
  const auto table = [](const auto& line) { return rand_ranges({line["height"], line["width"]}); };
  EXPECT_EQ(test::expect_torchvisions_magnitudes("rand", table), augment_op_count + 2);
}

TEST(RandAugment, DrawsAsManyAsAskedOfOneStrength) {
  const Size size{224, 224};
  const MagnitudeRanges ranges = rand_ranges(size);
  std::map<AugmentOp, int> seen;
  for (std::uint64_t i = 0; i < 7'000; ++i) {
    Random random(4, 0, i);
    const auto steps = rand_augment(2, 9, size, random);
    ASSERT_EQ(steps.size(), 2U);
    for (const AugmentStep& step : steps) {
      ++seen[step.op];
      EXPECT_EQ(std::abs(step.magnitude),
                magnitude_at(step.op, ranges[static_cast<std::size_t>(step.op)], 9));
    }
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(augment_op_count));
  for (const auto& [op, count] : seen) EXPECT_NEAR(count, 1000, 125) << static_cast<int>(op);
  Random random(4, 0, 0);
  EXPECT_EQ(rand_augment(5, 0, size, random).size(), 5U);
}

}  // namespace
}  // namespace graft
