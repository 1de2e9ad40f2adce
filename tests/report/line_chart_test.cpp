#include "graft/report/line_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/report/shapes.h"

namespace graft {
namespace {

using test::shapes_of;
using ::testing::ElementsAre;

const double nan = std::nan("");

// Strokes that are wide enough to be curves; a legend's mark is wider.
std::vector<std::size_t> curve_lengths(const Drawing& drawing) {
  std::vector<std::size_t> lengths;
  for (const Stroke& stroke : shapes_of<Stroke>(drawing)) {
    if (stroke.width == 2) lengths.push_back(stroke.points.size());
  }
  return lengths;
}

TEST(LineChart, HasACurveALegendAndAHintForEachEpoch) {
  const Drawing drawing = draw_lines(
      {"Loss", Unit::plain, {{"training", {{0, 1.5}, {1, 0.5}}}, {"validation", {{0, 1}, {1, 0.75}}}}});
  EXPECT_THAT(curve_lengths(drawing), ElementsAre(2, 2));
  EXPECT_TRUE(test::has_label(drawing, "Loss"));
  EXPECT_TRUE(test::has_label(drawing, "training"));
  EXPECT_TRUE(test::has_label(drawing, "validation"));
  EXPECT_THAT(test::hints_of(drawing),
              ElementsAre("epoch 0\ntraining 1.5\nvalidation 1", "epoch 1\ntraining 0.5\nvalidation 0.75"));
}

TEST(LineChart, WhatIsNoNumberLeavesAGap) {
  const Drawing drawing = draw_lines(
      {"Loss", Unit::plain, {{"x", {{0, 1}, {1, 2}, {2, nan}, {3, 1}, {4, INFINITY}, {5, 1}, {6, 1}}}}});
  EXPECT_THAT(curve_lengths(drawing), ElementsAre(2, 2));
  EXPECT_EQ(shapes_of<Dot>(drawing).size(), 5U);
  EXPECT_EQ(test::hints_of(drawing)[2], "epoch 2\nx –");
}

TEST(LineChart, NothingToDrawIsStillAChart) {
  for (const std::vector<Curve>& curves :
       {std::vector<Curve>{}, {{"x", {}}}, {{"x", {{0, nan}, {1, nan}}}}, {{"x", {{7, 0.5}}}}}) {
    const Drawing drawing = draw_lines({"Loss", Unit::plain, curves});
    EXPECT_TRUE(curve_lengths(drawing).empty());
    for (const Stroke& stroke : shapes_of<Stroke>(drawing)) {
      for (const Point& point : stroke.points) EXPECT_TRUE(std::isfinite(point.x) && std::isfinite(point.y));
    }
  }
}

TEST(LineChart, PointsStayInsideThePage) {
  Curve curve{"x", {}};
  for (int i = 0; i < 1000; ++i) curve.points.push_back({i, std::sin(i) * 1e6});
  const Drawing drawing = draw_lines({"Loss", Unit::plain, {curve}});
  EXPECT_TRUE(shapes_of<Dot>(drawing).empty());
  for (const Stroke& stroke : shapes_of<Stroke>(drawing)) {
    for (const Point& point : stroke.points) {
      EXPECT_TRUE(point.x >= 0 && point.x <= drawing.width && point.y >= 0 && point.y <= drawing.height);
    }
  }
}

TEST(LineChart, RunsOfDifferentLengthsShareTheirEpochs) {
  const Drawing drawing = draw_lines({"Loss", Unit::plain, {{"a", {{0, 1}}}, {"b", {{0, 2}, {1, 1}}}}});
  EXPECT_THAT(test::hints_of(drawing), ElementsAre("epoch 0\na 1\nb 2", "epoch 1\nb 1"));
}

}  // namespace
}  // namespace graft
