#include "graft/data/sample_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace graft {
namespace {

TEST(SampleOrder, IsThatOfTheListUnlessShuffled) {
  EXPECT_THAT(sample_order(4, false, 1, 2), ::testing::ElementsAre(0, 1, 2, 3));
  EXPECT_TRUE(sample_order(0, true, 1, 2).empty());
}

TEST(SampleOrder, FollowsFromSeedAndEpoch) {
  const auto order = sample_order(50, true, 1, 2);
  EXPECT_EQ(sample_order(50, true, 1, 2), order);
  EXPECT_NE(sample_order(50, true, 1, 3), order);
  EXPECT_NE(sample_order(50, true, 2, 2), order);
  EXPECT_THAT(order, ::testing::UnorderedElementsAreArray(sample_order(50, false, 0, 0)));
}

}  // namespace
}  // namespace graft
