#include "graft/run/lr_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr int steps = 100;

// A loss that falls, fluctuates and diverges; the search ends at four times the smallest loss.
std::vector<LrPoint> search() {
  std::vector<LrPoint> points;
  SmoothedLoss smoothed;
  double smallest = INFINITY;
  for (int i = 0; i < steps; ++i) {
    const double lr = 1e-7 * std::pow(10 / 1e-7, static_cast<double>(i) / steps);
    const double loss =
        1.1 - 0.8 / (1 + std::exp(-2.0 * (std::log10(lr) + 3))) + 0.03 * std::sin(i) + std::pow(lr / 0.5, 2);
    points.push_back({lr, loss, smoothed.add(loss)});
    smallest = std::min(smallest, points.back().smoothed);
    if (points.back().smoothed > 4 * smallest) break;
  }
  return points;
}

// The results of fastai's definitions in Python for the same losses.
TEST(LrSearch, EqualsFastai) {
  const auto points = search();
  ASSERT_EQ(points.size(), 94U);
  EXPECT_NEAR(points[50].smoothed, 0.9994471596235925, 1e-9);
  EXPECT_NEAR(points.back().smoothed, 2.7761799853071905, 1e-9);
  const LrSuggestion suggestion = suggest_lr(points, steps);
  EXPECT_NEAR(suggestion.valley, 0.001, 1e-9);
  EXPECT_NEAR(suggestion.steep, 0.006309573444801929, 1e-9);
  EXPECT_NEAR(suggestion.minimum, 0.03019951720402019, 1e-9);
  EXPECT_EQ(suggestion.first_judged, 10U);
  EXPECT_EQ(suggestion.end_judged, 94U - 5U);
}

// One small loss at the start is not a minimum: of a batch of numbers near their mean.
TEST(LrSearch, DivergesOnlyAfterTheFirstTenth) {
  Divergence divergence(30);
  for (const double smoothed : {0.01, 1.0, 5.0, 1.0, 0.9, 3.5})
    EXPECT_FALSE(divergence.add(smoothed)) << smoothed;
  EXPECT_TRUE(divergence.add(3.7));
  EXPECT_TRUE(Divergence(30).add(NAN));
}

// If the smallest loss is among the first, a tenth of its rate was not tried.
TEST(LrSearch, SuggestsNoRateBelowTheSmallest) {
  std::vector<LrPoint> points;
  for (int i = 0; i < 100; ++i) points.push_back({0.1 * std::pow(1.01, i), 1.0 + i, 1.0 + i});
  EXPECT_DOUBLE_EQ(suggest_lr(points, 100).minimum, 0.1);
}

TEST(LrSearch, DoubtsASuggestionWithoutAFallOrWithFewSteps) {
  LrSuggestion suggestion = suggest_lr(search(), steps);
  EXPECT_NEAR(suggestion.fall, 0.41, 0.2);
  EXPECT_EQ(doubt_about(suggestion), "");
  suggestion.fall = 0.004;
  EXPECT_THAT(doubt_about(suggestion), HasSubstr("the loss falls by only 0.4 %"));
  suggestion = suggest_lr(search(), steps);
  suggestion.end_judged = suggestion.first_judged + 10;
  EXPECT_THAT(doubt_about(suggestion), HasSubstr("only 10 steps can be evaluated"));
}

TEST(LrSearch, NanEndsTheEvaluatedSteps) {
  auto points = search();
  for (std::size_t i = 60; i < points.size(); ++i) points[i].smoothed = NAN;
  EXPECT_LE(suggest_lr(points, steps).minimum, points[59].lr / 10);
  EXPECT_EQ(suggest_lr(points, steps).end_judged, 60U);
  for (LrPoint& point : points) point.smoothed = NAN;
  EXPECT_THAT([&] { suggest_lr(points, steps); },
              ThrowsMessage<Error>(HasSubstr("only 0 steps can be evaluated")));
}

TEST(LrSearch, IsWrittenAsATable) {
  EXPECT_EQ(lr_search_csv({{0.5, 1.25, 1}, {1, NAN, NAN}}), "lr,loss,smoothed\n0.5,1.25,1\n1,nan,nan\n");
}

}  // namespace
}  // namespace graft
