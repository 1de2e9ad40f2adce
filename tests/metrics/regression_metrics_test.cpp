#include "graft/metrics/regression_metrics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace graft {
namespace {

std::vector<Outcome> outcomes_of(const std::vector<double>& truth, const std::vector<double>& predicted) {
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    Outcome outcome;
    outcome.true_number = truth[i];
    outcome.number = predicted[i];
    outcomes.push_back(outcome);
  }
  return outcomes;
}

std::vector<Outcome> six_numbers() { return outcomes_of({3, -0.5, 2, 7, 4.25, 10}, {2.5, 0, 2, 8, 5, 6.5}); }

// By the definitions of scikit-learn's r2_score, mean_absolute_error and root_mean_squared_error:
//   e = p - t
//   1 - (e**2).sum() / ((t - t.mean())**2).sum(), abs(e).mean(), np.sqrt((e**2).mean()), e.mean()
TEST(RegressionMetrics, AreThoseOfScikitLearn) {
  const RegressionMetrics metrics = regression_metrics(six_numbers());
  EXPECT_NEAR(metrics.r2, 0.7949559767198926, 1e-15);
  EXPECT_NEAR(metrics.mae, 1.0416666666666667, 1e-15);
  EXPECT_NEAR(metrics.rmse, 1.5444794160708866, 1e-15);
  EXPECT_NEAR(mean_error(six_numbers()), -0.2916666666666667, 1e-15);
}

TEST(RegressionMetrics, OfNumbersThatAreAllTheSameAreFinite) {
  EXPECT_EQ(regression_metrics(outcomes_of({2, 2}, {2, 2})).r2, 1);
  EXPECT_EQ(regression_metrics(outcomes_of({2, 2}, {2, 3})).r2, 0);
  EXPECT_EQ(regression_metrics(outcomes_of({0.1, 0.1, 0.1}, {0.1, 0.1, 0.3})).r2, 0);
  EXPECT_LT(regression_metrics(outcomes_of({1, 2}, {9, 9})).r2, 0);
}

// 1 - sum((40 - t)**2) / sum((t - 1e9)**2) with t = 1e9 + [-15, 0, 15]
TEST(RegressionMetrics, OfLargeNumbersThatAreNearlyEqual) {
  const double r2 = regression_metrics(outcomes_of({1e9 - 15, 1e9, 1e9 + 15}, {40, 40, 40})).r2;
  EXPECT_NEAR(r2 / -6.666666133333344e15, 1, 1e-12);
}

TEST(RegressionMetrics, OfTooFewSamplesAreNanOrZero) {
  EXPECT_TRUE(std::isnan(regression_metrics({}).r2));
  EXPECT_TRUE(std::isnan(regression_metrics(outcomes_of({1}, {2})).r2));
  EXPECT_EQ(regression_metrics({}).rmse, 0);
  EXPECT_EQ(regression_metrics({}).mae, 0);
  EXPECT_EQ(mean_error({}), 0);
  EXPECT_TRUE(error_quantiles({}, {0.5}).empty());
}

// np.quantile(abs(e), q, method="inverted_cdf"), and with a = np.sort(abs(e)):
//   (a[ceil(q*6):]**2).sum() / (a**2).sum()
TEST(ErrorQuantiles, AreThoseOfNumPy) {
  const auto quantiles = error_quantiles(six_numbers(), {0.25, 0.5, 0.75, 0.9, 1});
  const double errors[] = {0.5, 0.5, 1, 3.5, 3.5};
  const double rests[] = {0.982532751091703, 0.9650655021834061, 0.8558951965065502, 0, 0};
  ASSERT_EQ(quantiles.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(quantiles[i].error, errors[i]) << i;
    EXPECT_NEAR(quantiles[i].rest, rests[i], 1e-15) << i;
  }
  EXPECT_EQ(quantiles[3].share, 0.9);
}

TEST(ErrorQuantiles, AShareThatIsAWholeNumberOfSamplesIsThatNumber) {
  std::vector<double> truth(10, 0), predicted;
  for (int i = 1; i <= 10; ++i) predicted.push_back(i);
  for (int tenths = 1; tenths <= 10; ++tenths)
    EXPECT_EQ(error_quantiles(outcomes_of(truth, predicted), {tenths / 10.0})[0].error, tenths);
}

TEST(ErrorQuantiles, ErrorsThatAreNotFiniteAreTheLargest) {
  const auto quantiles = error_quantiles(outcomes_of({1, 1, 1}, {std::nan(""), 2, 1}), {0.5, 1});
  EXPECT_EQ(quantiles[0].error, 1);
  EXPECT_TRUE(std::isinf(quantiles[1].error));
  EXPECT_TRUE(std::isnan(quantiles[0].rest));
  EXPECT_EQ(error_quantiles(outcomes_of({1}, {1}), {0.5})[0].rest, 0);  // no error at all
}

}  // namespace
}  // namespace graft
