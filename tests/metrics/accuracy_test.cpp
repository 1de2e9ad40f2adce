#include "graft/metrics/outcomes.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

Outcome outcome(std::int64_t label, std::int64_t predicted, double loss = 0) {
  return {0, label, predicted, 1.0, loss};
}

// Truth 0 0 0 1 1 2, predicted 0 0 1 1 0 0; a fourth class without samples.
const std::vector<Outcome> six = {outcome(0, 0, 1), outcome(0, 0, 2), outcome(0, 1, 3),
                                  outcome(1, 1, 4), outcome(1, 0, 5), outcome(2, 0, 6)};

TEST(Metrics, AccuracyAndLossAreMeansOverTheSamples) {
  EXPECT_DOUBLE_EQ(accuracy(six), 0.5);
  EXPECT_DOUBLE_EQ(mean_loss(six), 3.5);
  EXPECT_EQ(accuracy({}), 0);
  EXPECT_EQ(mean_loss({}), 0);
}

TEST(Metrics, ConfusionHasTruthInRows) {
  EXPECT_EQ(confusion_matrix(six, 4), (Confusion{{2, 1, 0, 0}, {1, 1, 0, 0}, {1, 0, 0, 0}, {0, 0, 0, 0}}));
}

// sklearn.metrics.precision_recall_fscore_support(truth, predicted, labels=[0, 1, 2, 3], zero_division=0)
TEST(Metrics, ClassMetricsEqualScikitLearns) {
  const auto metrics = class_metrics(confusion_matrix(six, 4));
  const double precision[] = {0.5, 0.5, 0, 0}, recall[] = {2.0 / 3, 0.5, 0, 0}, f1[] = {4.0 / 7, 0.5, 0, 0};
  const std::int64_t support[] = {3, 2, 1, 0};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_DOUBLE_EQ(metrics[i].precision, precision[i]);
    EXPECT_DOUBLE_EQ(metrics[i].recall, recall[i]);
    EXPECT_DOUBLE_EQ(metrics[i].f1, f1[i]);
    EXPECT_EQ(metrics[i].support, support[i]);
  }
}

}  // namespace
}  // namespace graft
