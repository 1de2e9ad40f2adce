#include "graft/run/val_figures.h"

#include <gtest/gtest.h>

#include "tests/run/ten_predictions.h"

namespace graft {
namespace {

TEST(ValFigures, AreThoseOfTheRows) {
  const ValFigures figures = val_figures(test::ten_predictions(), {"ant", "bee", "cow", "dog"});
  EXPECT_EQ(figures.confusion, (Confusion{{3, 1, 0, 0}, {1, 1, 1, 0}, {1, 0, 2, 0}, {0, 0, 0, 0}}));
  EXPECT_DOUBLE_EQ(figures.accuracy, 0.6);
  EXPECT_DOUBLE_EQ(figures.loss, 0.8);
  EXPECT_NEAR(figures.calibration_error, 0.19, 1e-12);
  EXPECT_EQ(figures.per_class.size(), 4U);
}

TEST(ValFigures, ClassesKeepTheirOrderAndUnknownOnesComeAfter) {
  const ValFigures figures = val_figures({{"", "x", "b", 0.5, 0}, {"", "a", "y", 0.5, 0}}, {"b", "a"});
  EXPECT_EQ(figures.classes, (std::vector<std::string>{"b", "a", "x", "y"}));
  EXPECT_EQ(figures.confusion[2][0], 1);
  EXPECT_EQ(figures.confusion[1][3], 1);
}

TEST(ValFigures, OfNoRowsAreZero) {
  const ValFigures figures = val_figures({}, {"a"});
  EXPECT_EQ(figures.accuracy, 0);
  EXPECT_EQ(figures.loss, 0);
  EXPECT_EQ(figures.confusion, (Confusion{{0}}));
}

TEST(ValFigures, ARowWithoutAProbabilityIsInNoBin) {
  const ValFigures figures = val_figures({{"", "a", "a", std::nullopt, 0}, {"", "a", "a", 0.75, 0}}, {"a"});
  std::int64_t judged = 0;
  for (const CalibrationBin& bin : figures.bins) judged += bin.count;
  EXPECT_EQ(judged, 1);
  EXPECT_EQ(figures.accuracy, 1);
}

}  // namespace
}  // namespace graft
