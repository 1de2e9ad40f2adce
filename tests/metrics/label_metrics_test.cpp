#include "graft/metrics/outcomes.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

// Ties among the scores of the second class; no picture has the third.
const LabelTable three_labels{
    3,
    {.9F, .2F, .5F, .8F, .6F, .5F, .3F, .6F, .5F, .7F, .1F, .4F, .1F, .9F, .3F, .55F, .6F, .2F},
    {1, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0}};

// sklearn.metrics.average_precision_score and precision_recall_fscore_support(truth, scores >= 0.5) of
// scikit-learn 1.7.
TEST(LabelMetrics, AreScikitLearns) {
  const auto metrics = label_metrics(three_labels);
  ASSERT_EQ(metrics.size(), 3U);
  EXPECT_DOUBLE_EQ(metrics[0].average_precision, 0.8041666666666667);
  EXPECT_DOUBLE_EQ(metrics[1].average_precision, 0.75);
  EXPECT_DOUBLE_EQ(metrics[0].precision, 0.75);
  EXPECT_DOUBLE_EQ(metrics[1].precision, 0.75);
  EXPECT_DOUBLE_EQ(metrics[0].recall, 0.75);
  EXPECT_DOUBLE_EQ(metrics[1].recall, 1);
  EXPECT_DOUBLE_EQ(metrics[1].f1, 0.8571428571428571);
  EXPECT_EQ(metrics[0].support, 4);
  EXPECT_EQ(metrics[2].support, 0);
  EXPECT_EQ(metrics[2].average_precision, 0);
}

TEST(LabelMetrics, TheThresholdSelectsThePredictedClasses) {
  EXPECT_DOUBLE_EQ(label_metrics(three_labels, 0.85)[0].recall, 0.25);
  EXPECT_DOUBLE_EQ(label_metrics(three_labels, 0)[0].recall, 1);
}

TEST(LabelMetrics, TheMeanIsOverTheClassesWithPictures) {
  EXPECT_DOUBLE_EQ(mean_average_precision(label_metrics(three_labels)), (0.8041666666666667 + 0.75) / 2);
  EXPECT_EQ(mean_average_precision({}), 0);
}

}  // namespace
}  // namespace graft
