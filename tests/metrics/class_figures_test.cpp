#include "graft/metrics/outcomes.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

// truth = "ant ant ant bee bee cow cow cow ant bee", predicted = "ant ant bee bee ant ant cow cow ant cow";
// sklearn.metrics.confusion_matrix and precision_recall_fscore_support(zero_division=0) of scikit-learn with
// labels = ["ant", "bee", "cow", "dog"].
TEST(ClassFigures, EqualScikitLearns) {
  const auto figures = class_figures({{3, 1, 0, 0}, {1, 1, 1, 0}, {1, 0, 2, 0}, {0, 0, 0, 0}});
  const double precision[] = {0.6, 0.5, 2.0 / 3, 0}, recall[] = {0.75, 1.0 / 3, 2.0 / 3, 0},
               f1[] = {2.0 / 3, 0.4, 2.0 / 3, 0};
  const std::int64_t support[] = {4, 3, 3, 0};
  ASSERT_EQ(figures.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_DOUBLE_EQ(figures[i].precision, precision[i]);
    EXPECT_DOUBLE_EQ(figures[i].recall, recall[i]);
    EXPECT_DOUBLE_EQ(figures[i].f1, f1[i]);
    EXPECT_EQ(figures[i].support, support[i]);
  }
}

TEST(ClassFigures, OfNoClassesAreNone) { EXPECT_TRUE(class_figures({}).empty()); }

}  // namespace
}  // namespace graft
