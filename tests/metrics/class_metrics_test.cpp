#include "graft/metrics/outcomes.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

// truth = "ant ant ant bee bee cow cow cow ant bee", predicted = "ant ant bee bee ant ant cow cow ant cow";
// sklearn.metrics.confusion_matrix and precision_recall_fscore_support(zero_division=0) of scikit-learn with
// labels = ["ant", "bee", "cow", "dog"].
TEST(ClassMetrics, EqualScikitLearns) {
  const auto metrics = class_metrics({{3, 1, 0, 0}, {1, 1, 1, 0}, {1, 0, 2, 0}, {0, 0, 0, 0}});
  const double precision[] = {0.6, 0.5, 2.0 / 3, 0}, recall[] = {0.75, 1.0 / 3, 2.0 / 3, 0},
               f1[] = {2.0 / 3, 0.4, 2.0 / 3, 0};
  const std::int64_t support[] = {4, 3, 3, 0};
  ASSERT_EQ(metrics.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_DOUBLE_EQ(metrics[i].precision, precision[i]);
    EXPECT_DOUBLE_EQ(metrics[i].recall, recall[i]);
    EXPECT_DOUBLE_EQ(metrics[i].f1, f1[i]);
    EXPECT_EQ(metrics[i].support, support[i]);
  }
}

TEST(ClassMetrics, OfNoClassesAreNone) { EXPECT_TRUE(class_metrics({}).empty()); }

}  // namespace
}  // namespace graft
