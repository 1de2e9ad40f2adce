#include "graft/metrics/known_pictures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace graft {
namespace {

TEST(KnownPictures, TheScoreIsTheSumOfDeviations) {
  std::vector<float> distances, energies;
  for (int i = 0; i < 20; ++i) {
    distances.push_back(0.1F * static_cast<float>(i % 5));
    energies.push_back(static_cast<float>(i / 10));
  }
  const auto known = measure_signals(distances, energies, 0.1);
  ASSERT_TRUE(known);
  EXPECT_NEAR(known->distance.mean, 0.2, 1e-6);
  EXPECT_NEAR(known->distance.deviation, 0.1 * std::sqrt(2.0), 1e-6);
  EXPECT_NEAR(known->energy.deviation, 0.5, 1e-6);
  EXPECT_NEAR(unknown_score(*known, 0.2 + 0.1 * std::sqrt(2.0), 1.5), 1 + 2, 1e-5);
}

TEST(KnownPictures, AtMostTheGivenFractionExceedsTheThreshold) {
  std::vector<float> distances(99), none(99, 0);
  std::iota(distances.begin(), distances.end(), 1.0F);
  const auto known = measure_signals(distances, none, 0.05);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->energy.deviation, 0);                               // ignored
  EXPECT_NEAR(known->threshold, unknown_score(*known, 95, 0), 1e-12);  // ⌈100 · 0.95⌉
  EXPECT_EQ(known->held_out, 99);
}

TEST(KnownPictures, TooFewOrEqualPicturesSayNothing) {
  const std::vector<float> equal(40, 0.5F), few = {1, 2, 3};
  EXPECT_FALSE(measure_signals(equal, equal, 0.05));
  EXPECT_FALSE(measure_signals(few, few, 0.05));
  EXPECT_FALSE(measure_signals({}, {}, 0.05));
}

TEST(KnownPictures, ReferencesAreOfAllClasses) {
  std::vector<std::int64_t> strata(1000, 0);
  strata[500] = 1;
  for (std::size_t i = 900; i < 1000; ++i) strata[i] = 2;
  const auto chosen = spread_over_classes(strata, 41, 3);
  ASSERT_EQ(chosen.size(), 41U);
  EXPECT_TRUE(std::is_sorted(chosen.begin(), chosen.end()));
  const auto count = [&](std::int64_t stratum) {
    return std::count_if(chosen.begin(), chosen.end(), [&](std::size_t i) { return strata[i] == stratum; });
  };
  EXPECT_EQ(count(0), 20);
  EXPECT_EQ(count(1), 1);
  EXPECT_EQ(count(2), 20);
  EXPECT_EQ(spread_over_classes(strata, 5000, 3).size(), 1000U);
}

TEST(KnownPictures, RowsHaveUnitLength) {
  std::vector<float> rows = {3, 4, 0, 0};
  to_unit_length(rows, 2);
  EXPECT_EQ(rows, (std::vector<float>{0.6F, 0.8F, 0, 0}));
}

}  // namespace
}  // namespace graft
