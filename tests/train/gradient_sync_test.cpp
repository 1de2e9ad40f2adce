#include "graft/train/own_parts.h"

#include <gtest/gtest.h>

#include "tests/support/thread_ranks.h"

namespace graft {
namespace {

TEST(GradientSync, OfASingleProcessChangesNothing) {
  GradientSync& sync = single_process();
  EXPECT_EQ(sync.rank(), 0);
  EXPECT_EQ(sync.world_size(), 1);
  const torch::Tensor numbers = torch::arange(3);
  sync.sum({numbers});
  EXPECT_TRUE(torch::equal(numbers, torch::arange(3)));
  ASSERT_EQ(sync.gather(numbers).size(), 1U);
  EXPECT_EQ(sum_over_ranks(sync, 7), 7);
  EXPECT_TRUE(any_rank(sync, true));
  EXPECT_FALSE(any_rank(sync, false));
}

TEST(GradientSync, NumbersAreThoseOfAllRanks) {
  test::ThreadRanks::run(3, [](GradientSync& sync) {
    EXPECT_EQ(sum_over_ranks(sync, sync.rank() + 1), 6);
    EXPECT_TRUE(any_rank(sync, sync.rank() == 1));
    EXPECT_FALSE(any_rank(sync, false));
  });
}

}  // namespace
}  // namespace graft
