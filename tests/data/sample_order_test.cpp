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
  for (const LoaderOptions& options : {LoaderOptions{.shuffle = true, .seed = 1},
                                       LoaderOptions{.sampling = Sampling::balanced, .seed = 1}}) {
    const auto order = sample_order(all, options, 2);
    EXPECT_EQ(sample_order(all, options, 2), order);
    EXPECT_NE(sample_order(all, options, 3), order);
    LoaderOptions other = options;
    other.seed = 2;
    EXPECT_NE(sample_order(all, other, 2), order);
  }
  EXPECT_THAT(sample_order(all, {.shuffle = true, .seed = 1}, 2),
              ::testing::UnorderedElementsAreArray(sample_order(all, {}, 0)));
}

// 950 pictures of one class and 50 of another: each class comes up about 500 times, the spread being 16.
TEST(SampleOrder, BalancedDrawsClassesEquallyOften) {
  const auto all = samples(1000, [](std::size_t i) -> std::int64_t { return i < 950 ? 0 : 1; });
  const auto order = sample_order(all, {.sampling = Sampling::balanced, .seed = 3}, 0);
  ASSERT_EQ(order.size(), all.size());
  const auto rare = std::count_if(order.begin(), order.end(), [](std::uint32_t i) { return i >= 950; });
  EXPECT_NEAR(static_cast<double>(rare), 500, 80);
  // every picture of the rare class has its turn, 10 times on average
  std::set<std::uint32_t> rare_ones;
  for (const std::uint32_t i : order) {
    if (i >= 950) rare_ones.insert(i);
  }
  EXPECT_GE(rare_ones.size(), 48U);
}

}  // namespace
}  // namespace graft
