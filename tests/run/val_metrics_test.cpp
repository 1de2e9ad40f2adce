#include "graft/run/val_metrics.h"

#include <gtest/gtest.h>

#include "tests/run/ten_predictions.h"

namespace graft {
namespace {

TEST(ValMetrics, AreThoseOfTheRows) {
  const ValMetrics metrics = val_metrics(test::ten_predictions(), {"ant", "bee", "cow", "dog"});
  EXPECT_EQ(metrics.confusion, (Confusion{{3, 1, 0, 0}, {1, 1, 1, 0}, {1, 0, 2, 0}, {0, 0, 0, 0}}));
  EXPECT_DOUBLE_EQ(metrics.accuracy, 0.6);
  EXPECT_DOUBLE_EQ(metrics.loss, 0.8);
  EXPECT_NEAR(metrics.calibration_error, 0.19, 1e-12);
  EXPECT_EQ(metrics.per_class.size(), 4U);
}

TEST(ValMetrics, ClassesKeepTheirOrderAndUnknownOnesComeAfter) {
  const ValMetrics metrics = val_metrics({{"", "x", "b", 0.5, 0}, {"", "a", "y", 0.5, 0}}, {"b", "a"});
  EXPECT_EQ(metrics.classes, (std::vector<std::string>{"b", "a", "x", "y"}));
  EXPECT_EQ(metrics.confusion[2][0], 1);
  EXPECT_EQ(metrics.confusion[1][3], 1);
}

TEST(ValMetrics, OfNoRowsAreZero) {
  const ValMetrics metrics = val_metrics({}, {"a"});
  EXPECT_EQ(metrics.accuracy, 0);
  EXPECT_EQ(metrics.loss, 0);
  EXPECT_EQ(metrics.confusion, (Confusion{{0}}));
}

TEST(ValMetrics, ARowWithoutAProbabilityIsInNoBin) {
  const ValMetrics metrics = val_metrics({{"", "a", "a", std::nullopt, 0}, {"", "a", "a", 0.75, 0}}, {"a"});
  std::int64_t judged = 0;
  for (const CalibrationBin& bin : metrics.bins) judged += bin.count;
  EXPECT_EQ(judged, 1);
  EXPECT_EQ(metrics.accuracy, 1);
}

}  // namespace
}  // namespace graft
