#include "graft/metrics/weighted_metrics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "graft/metrics/intervals.h"
#include "graft/metrics/metric.h"

namespace graft {
namespace {

const std::vector<double> six_weights = {.5, 2, 1.25, .1, 3, .75};

Outcomes six_weighted_outcomes() {
  const double truth[] = {10, 20, 15, 30, 12, 28}, predicted[] = {11, 18, 15, 33, 12.5, 25};
  Outcomes outcomes;
  for (std::size_t i = 0; i < six_weights.size(); ++i) {
    Outcome outcome;
    outcome.predicted = i == 1 || i == 4 ? 1 : 0;
    outcome.rank = i == 1 ? 5 : 0;
    outcome.true_number = truth[i];
    outcome.number = predicted[i];
    outcomes.outcomes.push_back(outcome);
  }
  // Ties among the scores of the second class; no picture has the third.
  outcomes.labels = {
      3,
      {.9F, .2F, .5F, .8F, .6F, .5F, .3F, .6F, .5F, .7F, .1F, .4F, .1F, .9F, .3F, .55F, .6F, .2F},
      {1, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0}};
  return outcomes;
}

// average_precision_score, r2_score, mean_absolute_error and mean_squared_error of scikit-learn 1.7 with
// sample_weight.
TEST(WeightedMetrics, AreScikitLearns) {
  const Outcomes outcomes = six_weighted_outcomes();
  const auto value = [&](const char* key) { return weighted_metric(outcomes, key)(six_weights); };
  EXPECT_NEAR(RankedAnswers(outcomes.labels, 0).average_precision(six_weights), 0.5891682569913489, 1e-15);
  EXPECT_NEAR(RankedAnswers(outcomes.labels, 1).average_precision(six_weights), 0.5714285714285714, 1e-15);
  EXPECT_NEAR(value("map"), (0.5891682569913489 + 0.5714285714285714) / 2, 1e-15);
  EXPECT_NEAR(value("r2"), 0.9253011522663662, 1e-14);
  EXPECT_NEAR(value("mae"), 1.125, 1e-14);
  EXPECT_NEAR(value("rmse"), 1.4912022701586514, 1e-14);
  EXPECT_NEAR(value("acc"), 0.34210526315789475, 1e-15);
  EXPECT_NEAR(value("top5"), 1 - 2 / 7.6, 1e-15);
}

TEST(WeightedMetrics, EveryMetricHasItsValueWithEqualWeights) {
  const Outcomes outcomes = six_weighted_outcomes();
  MetricValues values = class_values(outcomes);
  for (const MetricFunction& metrics : {MetricFunction(label_values), MetricFunction(number_values)})
    for (const MetricValue& each : metrics(outcomes)) values.push_back(each);
  for (const Metric& metric : all_metrics()) {
    const WeightedMetric weighted = weighted_metric(outcomes, metric.key);
    ASSERT_TRUE(weighted) << metric.key;
    EXPECT_NEAR(weighted(std::vector<double>(6, 2)), *value_of(values, metric.key), 1e-15) << metric.key;
  }
  EXPECT_FALSE(weighted_metric(outcomes, "another"));
}

TEST(WeightedMetrics, APerfectRankingIsExactlyOne) {
  LabelTable table{1, {}, {}};
  std::vector<double> weights;
  for (int i = 0; i < 100; ++i) {
    table.scores.push_back(static_cast<float>(100 - i / 2));
    table.truth.push_back(i < 70 ? 1 : 0);
    weights.push_back(std::sqrt(i + 1.0));
  }
  EXPECT_EQ(RankedAnswers(table, 0).average_precision(weights), 1);
  EXPECT_EQ(label_metrics(table)[0].average_precision, 1);
}

}  // namespace
}  // namespace graft
