#include "graft/data/trivial_augment.h"

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
  EXPECT_EQ(magnitudes[AugmentOp::rotate].size(), 61U);  // 0 is its own opposite
  EXPECT_EQ(magnitudes[AugmentOp::solarize].size(), 31U);
  EXPECT_EQ(magnitudes[AugmentOp::posterize], (std::set<double>{2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(magnitudes[AugmentOp::equalize], std::set<double>{0});
}

TEST(TrivialAugment, TheSameDrawsGiveTheSameChange) {
  Random a(1, 2, 3), b(1, 2, 3);
  EXPECT_EQ(trivial_augment(a), trivial_augment(b));
}

}  // namespace
}  // namespace graft
