#include "graft/metrics/intervals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/random.h"
#include "graft/metrics/regression_metrics.h"

namespace graft {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;

Outcomes class_outcomes(std::size_t right, std::size_t count) {
  Outcomes outcomes;
  for (std::size_t i = 0; i < count; ++i) {
    Outcome outcome;
    outcome.predicted = i < right ? 0 : 1;
    outcomes.outcomes.push_back(outcome);
  }
  return outcomes;
}

Outcomes number_outcomes(std::size_t count, std::uint64_t seed, double noise) {
  Random random(seed, 0, 0);
  Outcomes outcomes;
  for (std::size_t i = 0; i < count; ++i) {
    Outcome outcome;
    outcome.true_number = static_cast<double>(i);
    outcome.number = outcome.true_number + noise * random.uniform(-1, 1);
    outcomes.outcomes.push_back(outcome);
  }
  return outcomes;
}

// As statsmodels' proportion_confint(method="wilson").
TEST(Intervals, WilsonsHasTheValuesOfTheReference) {
  const auto expect = [](std::int64_t successes, std::int64_t trials, double low, double high) {
    const Interval interval = wilson_interval(successes, trials);
    EXPECT_NEAR(interval.low, low, 1e-12) << successes << " of " << trials;
    EXPECT_NEAR(interval.high, high, 1e-12) << successes << " of " << trials;
  };
  expect(146, 153, 0.9085814786028894, 0.9776637848953864);
  expect(0, 10, 0, 0.2775327998628892);
  expect(10, 10, 0.7224672001371107, 1);
  expect(1, 2, 0.09453120573423074, 0.9054687942657693);
  expect(500, 1000, 0.4690696003681042, 0.5309303996318958);
  expect(0, 0, 0, 1);
}

// As scipy.stats.binomtest(min(b, c), b + c).pvalue.
TEST(Intervals, McNemarsTestHasTheValuesOfTheReference) {
  EXPECT_NEAR(mcnemar_p(2, 9), 0.0654296875, 1e-12);
  EXPECT_NEAR(mcnemar_p(5, 0), 0.0625, 1e-12);
  EXPECT_NEAR(mcnemar_p(30, 52), 0.019826915845841595, 1e-12);
  EXPECT_NEAR(mcnemar_p(20, 1), 2.09808349609375e-05, 1e-15);
  EXPECT_EQ(mcnemar_p(3, 3), 1);
  EXPECT_EQ(mcnemar_p(0, 0), 1);
  EXPECT_LT(mcnemar_p(100'000, 110'000), 1e-50);
}

TEST(Intervals, AccuraciesHaveWilsonsInterval) {
  const MetricIntervals found = metric_intervals(class_outcomes(146, 153), class_values);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(*interval_of(found, "acc"), wilson_interval(146, 153));
  EXPECT_EQ(*interval_of(found, "top5"), wilson_interval(153, 153));
  EXPECT_EQ(interval_of(found, "map"), nullptr);
}

// The mean absolute error of uniform errors in [-1, 1] has the mean 1/2 and the variance 1/12 / n.
TEST(Intervals, TheBootstrapAgreesWithTheNormalApproximation) {
  constexpr std::size_t count = 2000;
  const Outcomes outcomes = number_outcomes(count, 3, 1);
  const MetricIntervals found = metric_intervals(outcomes, number_values);
  const Interval mae = *interval_of(found, "mae");
  const double value = *value_of(number_values(outcomes), "mae");
  const double half = 1.96 * std::sqrt(1.0 / 12 / count);
  EXPECT_NEAR(mae.low, value - half, 0.15 * half);
  EXPECT_NEAR(mae.high, value + half, 0.15 * half);
  EXPECT_EQ(found, metric_intervals(outcomes, number_values)) << "deterministic";
}

TEST(Intervals, TheBootstrapCoversTheTrueValue) {
  int covered = 0;
  constexpr int data_sets = 200;
  for (int seed = 0; seed < data_sets; ++seed) {
    const Interval mae = *interval_of(
        metric_intervals(number_outcomes(60, static_cast<std::uint64_t>(seed), 1), number_values), "mae");
    covered += mae.low <= 0.5 && 0.5 <= mae.high ? 1 : 0;
  }
  EXPECT_GE(covered, 176);  // 95 % of 200, less four standard deviations and the percentile method's bias
}

TEST(Intervals, OneOutcomeHasNone) {
  EXPECT_THAT(metric_intervals(class_outcomes(1, 1), class_values), IsEmpty());
  EXPECT_EQ(paired_difference(class_outcomes(1, 1), class_outcomes(1, 1), "acc", class_values), std::nullopt);
}

TEST(Intervals, APairedDifferenceOfAccuracies) {
  Outcomes a = class_outcomes(80, 100), b = class_outcomes(80, 100);
  for (std::size_t i = 78; i < 80; ++i) b.outcomes[i].predicted = 1;  // only a is right
  for (std::size_t i = 80; i < 89; ++i) b.outcomes[i].predicted = 0;  // only b is right
  const auto found = paired_difference(a, b, "acc", class_values);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->difference, 0.07, 1e-12);
  EXPECT_NEAR(found->p, 0.0654296875, 1e-12);
  EXPECT_EQ(found->samples, 100U);
  EXPECT_FALSE(is_significant(*found));
  EXPECT_EQ(found->discordant, (Discordant{2, 9}));
  // scipy.stats.binomtest(9, 11).proportion_ci(0.95, "exact")
  EXPECT_NEAR(found->interval.low, 0.11 * (2 * 0.48224414763987544 - 1), 1e-12);
  EXPECT_NEAR(found->interval.high, 0.11 * (2 * 0.9771688017000408 - 1), 1e-12);
}

TEST(Intervals, OfAShareTheyAreExact) {
  EXPECT_EQ(clopper_pearson_interval(0, 0), (Interval{0, 1}));
  const Interval none = clopper_pearson_interval(0, 18), all = clopper_pearson_interval(6, 6);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 1 - std::pow(0.025, 1.0 / 18), 1e-12);
  EXPECT_NEAR(all.low, std::pow(0.025, 1.0 / 6), 1e-12);
  EXPECT_EQ(all.high, 1);
}

// The models differ in one picture of 48, so the interval cannot be more certain than the test.
TEST(Intervals, OneDifferingPictureMayBeChance) {
  const auto found = paired_difference(class_outcomes(40, 48), class_outcomes(39, 48), "acc", class_values);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->p, 1);
  EXPECT_NEAR(found->interval.low, -1.0 / 48, 1e-15);
  EXPECT_NEAR(found->interval.high, 0.95 / 48, 1e-12);
  const auto same = paired_difference(class_outcomes(40, 48), class_outcomes(40, 48), "acc", class_values);
  EXPECT_EQ(same->interval, Interval());
}

TEST(Intervals, OfAccuraciesTheyAgreeWithTheTest) {
  for (std::int64_t only_a = 0; only_a < 25; ++only_a) {
    for (std::int64_t only_b = 1; only_b < 25; ++only_b) {
      const Interval share = clopper_pearson_interval(only_b, only_a + only_b);
      const bool holds_half = share.low <= 0.5 && share.high >= 0.5;
      EXPECT_EQ(holds_half, mcnemar_p(only_a, only_b) >= 0.05) << only_a << ' ' << only_b;
    }
  }
}

TEST(Intervals, APairedDifferenceOfErrors) {
  const Outcomes small = number_outcomes(200, 1, 1), large = number_outcomes(200, 1, 1.5);
  const auto better = paired_difference(large, small, "rmse", number_values);
  ASSERT_TRUE(better);
  EXPECT_LT(better->difference, 0);
  EXPECT_LT(better->interval.high, 0);
  EXPECT_TRUE(is_significant(*better));
  const auto same = paired_difference(small, small, "rmse", number_values);
  EXPECT_EQ(same->difference, 0);
  EXPECT_EQ(same->p, 1);
}

TEST(Intervals, ResamplesKeepScoresAndTruthTogether) {
  Outcomes outcomes;
  outcomes.labels.classes = 2;
  for (int i = 0; i < 50; ++i) {
    const bool first = i % 2 == 0;
    outcomes.outcomes.push_back({});
    outcomes.labels.scores.insert(outcomes.labels.scores.end(), {first ? 0.9F : 0.1F, first ? 0.2F : 0.8F});
    outcomes.labels.truth.insert(outcomes.labels.truth.end(),
                                 {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(!first)});
  }
  const Interval map = *interval_of(metric_intervals(outcomes, label_values), "map");
  EXPECT_EQ(map, (Interval{1, 1}));
}

// `classes` classes of one picture each, before which `above` other pictures have a larger score.
Outcomes rare_outcomes(std::size_t pictures, std::size_t classes, std::size_t above) {
  Outcomes outcomes;
  outcomes.labels.classes = static_cast<std::int64_t>(classes);
  for (std::size_t i = 0; i < pictures; ++i) {
    outcomes.outcomes.push_back({});
    for (std::size_t k = 0; k < classes; ++k) {
      const std::size_t rank = (i + pictures - k) % pictures;
      outcomes.labels.scores.push_back(1 - static_cast<float>(rank) / 100);
      outcomes.labels.truth.push_back(rank == above ? 1 : 0);
    }
  }
  return outcomes;
}

// With random weights, the average precision of a class of one picture is w / (w + the sum of those above),
// whose distribution is Beta(1, above).
TEST(Intervals, AClassOfOnePictureHasTheQuantilesOfItsDistribution) {
  const Interval map = *interval_of(metric_intervals(rare_outcomes(48, 1, 4), label_values), "map");
  EXPECT_NEAR(map.low, 1 - std::pow(0.975, 0.25), 0.005);
  EXPECT_NEAR(map.high, 1 - std::pow(0.025, 0.25), 0.05);
}

TEST(Intervals, RareClassesDoNotMoveTheInterval) {
  const Outcomes good = rare_outcomes(48, 8, 2), poor = rare_outcomes(48, 8, 9);
  const Interval map = *interval_of(metric_intervals(poor, label_values), "map");
  EXPECT_NEAR(*value_of(label_values(poor), "map"), 0.1, 1e-7);
  EXPECT_LT(map.low, 0.09);
  EXPECT_GT(map.high, 0.11);
  const auto difference = paired_difference(good, poor, "map", label_values);
  ASSERT_TRUE(difference);
  EXPECT_NEAR(difference->difference, 0.1 - 1.0 / 3, 1e-7);
  EXPECT_LT(difference->interval.low, difference->difference);
  EXPECT_GT(difference->interval.high, difference->difference);
}

// One number differs: a resample without it has no variation, for which R² says nothing.
TEST(Intervals, NumbersThatAreNearlyConstantKeepTheirVariation) {
  Outcomes outcomes = number_outcomes(40, 5, 1);
  for (Outcome& each : outcomes.outcomes) {
    each.number -= each.true_number;
    each.true_number = 0;
  }
  outcomes.outcomes.back().true_number = 1;
  const Interval r2 = *interval_of(metric_intervals(outcomes, number_values), "r2");
  const double value = *value_of(number_values(outcomes), "r2");
  EXPECT_LT(value, -5);
  EXPECT_LT(r2.low, value);
  EXPECT_GT(r2.high, value);
  EXPECT_LT(r2.high, -1) << "0 or 1 without variation";
}

TEST(Intervals, AMetricOfAnotherNameHasNone) {
  const auto other = [](const Outcomes&) { return MetricValues{{"another", 1}}; };
  EXPECT_THAT(metric_intervals(class_outcomes(1, 2), other), IsEmpty());
  EXPECT_EQ(paired_difference(class_outcomes(1, 2), class_outcomes(1, 2), "another", other), std::nullopt);
}

}  // namespace
}  // namespace graft
