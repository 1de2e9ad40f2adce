#include "graft/core/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace graft {
namespace {

TEST(Random, IsAPureFunctionOfSeedEpochSampleAndStream) {
  const auto first = [](int seed, int epoch, int sample, int stream) {
    return Random(seed, epoch, sample, stream).bits();
  };
  EXPECT_EQ(first(1, 2, 3, 4), first(1, 2, 3, 4));
  std::set<std::uint64_t> seen;
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < 4; ++b) {
      for (int c = 0; c < 4; ++c) {
        for (int d = 0; d < 4; ++d) seen.insert(first(a, b, c, d));
      }
    }
  }
  EXPECT_EQ(seen.size(), 256U);
}

TEST(Random, UniformStaysInBoundsWithTheRightMean) {
  Random random(7, 0, 0);
  double sum = 0;
  for (int i = 0; i < 20000; ++i) {
    const double value = random.uniform(-1.0, 3.0);
    ASSERT_GE(value, -1.0);
    ASSERT_LT(value, 3.0);
    sum += value;
  }
  EXPECT_NEAR(sum / 20000, 1.0, 0.03);
}

TEST(Random, BelowHitsEveryValueEvenly) {
  Random random(7, 1, 0);
  int seen[5] = {};
  for (int i = 0; i < 50000; ++i) ++seen[random.below(5)];
  for (const int count : seen) EXPECT_NEAR(count, 10000, 500);
}

TEST(Permutation, HoldsEveryIndexOnceAndChangesWithTheEpoch) {
  const auto a = permutation(100, Random(0, 0, 0));
  const auto b = permutation(100, Random(0, 1, 0));
  EXPECT_NE(a, b);
  auto sorted = a;
  std::sort(sorted.begin(), sorted.end());
  for (std::uint32_t i = 0; i < 100; ++i) EXPECT_EQ(sorted[i], i);
  EXPECT_TRUE(permutation(0, Random(0, 0, 0)).empty());
}

}  // namespace
}  // namespace graft
