#include "graft/data/sample_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace graft {
namespace {

std::vector<Sample> samples(
    std::size_t count, std::int64_t (*label)(std::size_t) = [](std::size_t) -> std::int64_t { return 0; }) {
  std::vector<Sample> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back({"", label(i)});
  return all;
}

TEST(SampleOrder, IsThatOfTheListUnlessShuffled) {
  EXPECT_THAT(sample_order(samples(4), {.seed = 1}, 2), ::testing::ElementsAre(0, 1, 2, 3));
  EXPECT_TRUE(sample_order({}, {.shuffle = true, .seed = 1}, 2).empty());
  EXPECT_TRUE(sample_order({}, {.sampling = Sampling::balanced}, 2).empty());
}

TEST(SampleOrder, FollowsFromSeedAndEpoch) {
  const auto all = samples(50);
  for (const LoaderPass& pass :
       {LoaderPass{.shuffle = true, .seed = 1}, LoaderPass{.sampling = Sampling::balanced, .seed = 1}}) {
    const auto order = sample_order(all, pass, 2);
    EXPECT_EQ(sample_order(all, pass, 2), order);
    EXPECT_NE(sample_order(all, pass, 3), order);
    LoaderPass other = pass;
    other.seed = 2;
    EXPECT_NE(sample_order(all, other, 2), order);
  }
  EXPECT_THAT(sample_order(all, {.shuffle = true, .seed = 1}, 2),
              ::testing::UnorderedElementsAreArray(sample_order(all, {}, 0)));
}

// 950 pictures of one class and 50 of another: each class is drawn about 500 times, standard deviation 16.
TEST(SampleOrder, BalancedDrawsClassesEquallyOften) {
  const auto all = samples(1000, [](std::size_t i) -> std::int64_t { return i < 950 ? 0 : 1; });
  const auto order = sample_order(all, {.sampling = Sampling::balanced, .seed = 3}, 0);
  ASSERT_EQ(order.size(), all.size());
  const auto rare = std::count_if(order.begin(), order.end(), [](std::uint32_t i) { return i >= 950; });
  EXPECT_NEAR(static_cast<double>(rare), 500, 80);
  // every picture of the rare class is drawn, 10 times on average
  std::set<std::uint32_t> rare_ones;
  for (const std::uint32_t i : order) {
    if (i >= 950) rare_ones.insert(i);
  }
  EXPECT_GE(rare_ones.size(), 48U);
}

TEST(BatchOrder, OfOneRankHasEverySampleInItsBatch) {
  const BatchOrder order({4, 1, 3, 0, 2}, 2);
  ASSERT_EQ(order.batches(), 3U);
  EXPECT_THAT(order.batch(0), ::testing::ElementsAre(4, 1));
  EXPECT_THAT(order.batch(2), ::testing::ElementsAre(2));
  EXPECT_EQ(order.largest(), 2U);
  EXPECT_EQ(order.place(3).batch, 1U);
  EXPECT_EQ(order.place(3).slot, 1U);
  EXPECT_EQ(BatchOrder({}, 2).batches(), 0U);
}

// Also for the last batch, in which some ranks have no sample.
TEST(BatchOrder, RanksHaveEverySampleOnceInTheOrderOfTheBatch) {
  std::vector<std::uint32_t> all(17);
  for (std::uint32_t i = 0; i < 17; ++i) all[i] = 16 - i;
  for (const int world_size : {1, 2, 3, 5, 40}) {
    std::vector<std::uint32_t> seen;
    for (std::size_t number = 0; number < 3; ++number) {
      for (int rank = 0; rank < world_size; ++rank) {
        const BatchOrder order(all, 8, rank, world_size);
        ASSERT_EQ(order.batches(), 3U);
        const auto part = order.batch(number);
        EXPECT_LE(part.size(), 8U / static_cast<unsigned>(world_size) + 1);
        EXPECT_LE(part.size(), order.largest());
        seen.insert(seen.end(), part.begin(), part.end());
      }
    }
    EXPECT_EQ(seen, all) << world_size;
  }
}

TEST(BatchOrder, APositionIsInTheBatchThatHoldsIt) {
  std::vector<std::uint32_t> all(9);
  for (std::uint32_t i = 0; i < 9; ++i) all[i] = i;
  const BatchOrder order(all, 4, 1, 3);  // of 0-3, 4-7 and 8: {1}, {5}, {}
  EXPECT_THAT(order.samples(), ::testing::ElementsAre(1, 5));
  for (std::size_t position = 0; position < order.samples().size(); ++position) {
    const auto [batch, slot] = order.place(position);
    EXPECT_EQ(order.batch(batch)[slot], order.samples()[position]);
  }
}

}  // namespace
}  // namespace graft
