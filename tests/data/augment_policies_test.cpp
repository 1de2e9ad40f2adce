#include "graft/data/augment_policies.h"

#include <gtest/gtest.h>
#include <cmath>
#include <map>
#include <set>

#include "tests/data/policy_goldens.h"

namespace graft {
namespace {

TEST(TrivialAugment, HasTorchvisionsMagnitudes) {
  const auto table = [](const auto&) { return trivial_ranges; };
  EXPECT_EQ(test::expect_torchvisions_magnitudes("trivial", table), augment_op_count);
}

TEST(TrivialAugment, DrawsEveryOperationAtEveryStrengthAndSign) {
  std::map<AugmentOp, int> seen;
  std::map<AugmentOp, std::set<double>> magnitudes;
  for (std::uint64_t i = 0; i < 14'000; ++i) {
    Random random(1, 2, i);
    const AugmentStep step = trivial_augment(random);
    ++seen[step.op];
    magnitudes[step.op].insert(step.magnitude);
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(augment_op_count));
  for (const auto& [op, count] : seen) EXPECT_NEAR(count, 1000, 125) << static_cast<int>(op);
  EXPECT_EQ(magnitudes[AugmentOp::rotate].size(), 61U);  // 0 has no opposite sign
  EXPECT_EQ(magnitudes[AugmentOp::solarize].size(), 31U);
  EXPECT_EQ(magnitudes[AugmentOp::posterize], (std::set<double>{2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(magnitudes[AugmentOp::equalize], std::set<double>{0});
}

TEST(TrivialAugment, IsAFunctionOfTheDraws) {
  Random a(1, 2, 3), b(1, 2, 3);
  EXPECT_EQ(trivial_augment(a), trivial_augment(b));
}

TEST(RandAugment, HasTorchvisionsMagnitudes) {
  const auto table = [](const auto& line) { return rand_ranges({line["height"], line["width"]}); };
  EXPECT_EQ(test::expect_torchvisions_magnitudes("rand", table), augment_op_count + 2);
}

TEST(RandAugment, DrawsTheGivenNumberOfOneStrength) {
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
