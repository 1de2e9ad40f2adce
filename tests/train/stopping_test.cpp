#include "graft/train/stopping.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

TEST(EarlyStopping, EndsAfterPatienceEpochsWithoutImprovement) {
  const EarlyStopping three(3);
  EXPECT_FALSE(three.ends_after(4, 2));
  EXPECT_TRUE(three.ends_after(5, 2));
  EXPECT_FALSE(three.ends_after(2, 0));
  EXPECT_TRUE(three.ends_after(3, 0)) << "a probe was the best";
}

TEST(EarlyStopping, WithoutPatienceNeverEnds) { EXPECT_FALSE(EarlyStopping(0).ends_after(1000, 1)); }

TEST(TimeLimit, ForbidsAnEpochThatWouldEndLater) {
  const TimeLimit limit(10);
  EXPECT_FALSE(limit.forbids(6, 4));
  EXPECT_TRUE(limit.forbids(6.5, 4));
  EXPECT_FALSE(TimeLimit(0).forbids(1e9, 1e9));
}

}  // namespace
}  // namespace graft
