#include "graft/report/line_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/report/shapes.h"

namespace graft {
namespace {

using test::shapes_of;
using ::testing::ElementsAre;

const double nan = std::nan("");

// Strokes with the width of curves; marks of the legend are wider.
std::vector<std::size_t> curve_lengths(const Drawing& drawing) {
  std::vector<std::size_t> lengths;
  for (const Stroke& stroke : shapes_of<Stroke>(drawing)) {
    if (stroke.width == 2) lengths.push_back(stroke.points.size());
  }
  return lengths;
}

TEST(LineChart, HasACurveALegendAndAHintForEachEpoch) {
  const Drawing drawing = draw_lines(
      {"Loss", Unit::plain, {{"training", {{1, 1.5}, {2, 0.5}}}, {"validation", {{1, 1}, {2, 0.75}}}}});
  EXPECT_THAT(curve_lengths(drawing), ElementsAre(2, 2));
  EXPECT_TRUE(test::has_label(drawing, "Loss"));
  EXPECT_TRUE(test::has_label(drawing, "training"));
  EXPECT_TRUE(test::has_label(drawing, "validation"));
  EXPECT_THAT(test::hints_of(drawing),
              ElementsAre("epoch 1\ntraining 1.5\nvalidation 1", "epoch 2\ntraining 0.5\nvalidation 0.75"));
}

TEST(LineChart, ValuesThatAreNotFiniteLeaveAGap) {
  const Drawing drawing = draw_lines(
      {"Loss", Unit::plain, {{"x", {{1, 1}, {2, 2}, {3, nan}, {4, 1}, {5, INFINITY}, {6, 1}, {7, 1}}}}});
  EXPECT_THAT(curve_lengths(drawing), ElementsAre(2, 2));
  EXPECT_EQ(shapes_of<Dot>(drawing).size(), 5U);
  EXPECT_EQ(test::hints_of(drawing)[2], "epoch 3\nx –");
}

TEST(LineChart, NothingToDrawIsStillAChart) {
  for (const std::vector<Curve>& curves :
       {std::vector<Curve>{}, {{"x", {}}}, {{"x", {{1, nan}, {2, nan}}}}, {{"x", {{7, 0.5}}}}}) {
    const Drawing drawing = draw_lines({"Loss", Unit::plain, curves});
    EXPECT_TRUE(curve_lengths(drawing).empty());
    for (const Stroke& stroke : shapes_of<Stroke>(drawing)) {
      for (const Point& point : stroke.points) EXPECT_TRUE(std::isfinite(point.x) && std::isfinite(point.y));
    }
  }
}

TEST(LineChart, PointsStayInsideThePage) {
  Curve curve{"x", {}};
  for (int i = 1; i <= 1000; ++i) curve.points.push_back({i, std::sin(i) * 1e6});
  const Drawing drawing = draw_lines({"Loss", Unit::plain, {curve}});
  EXPECT_TRUE(shapes_of<Dot>(drawing).empty());
  for (const Stroke& stroke : shapes_of<Stroke>(drawing)) {
    for (const Point& point : stroke.points) {
      EXPECT_TRUE(point.x >= 0 && point.x <= drawing.width && point.y >= 0 && point.y <= drawing.height);
    }
  }
}

TEST(LineChart, RunsOfDifferentLengthsShareTheirEpochs) {
  const Drawing drawing = draw_lines({"Loss", Unit::plain, {{"a", {{1, 1}}}, {"b", {{1, 2}, {2, 1}}}}});
  EXPECT_THAT(test::hints_of(drawing), ElementsAre("epoch 1\na 1\nb 2", "epoch 2\nb 1"));
}

TEST(LineChart, AProbeIsASeparateMark) {
  Curve curve{"x", {{1, 1}, {2, 2}, {3, 1.5}}, InkChoice::series(1)};
  curve.probe = 0.25;
  const Drawing drawing = draw_lines({"Loss", Unit::plain, {curve}});
  EXPECT_THAT(curve_lengths(drawing), ElementsAre(3));
  EXPECT_TRUE(test::has_label(drawing, "probe"));
  EXPECT_THAT(test::hints_of(drawing),
              ElementsAre("probe\nx 0.25", "epoch 1\nx 1", "epoch 2\nx 2", "epoch 3\nx 1.5"));
  const auto strokes = shapes_of<Stroke>(drawing);
  const auto mark =
      std::find_if(strokes.begin(), strokes.end(), [](const Stroke& s) { return s.width == 3; });
  ASSERT_NE(mark, strokes.end());
  EXPECT_EQ(mark->points[0].y, mark->points[1].y);
  for (const Dot& dot : shapes_of<Dot>(drawing)) {
    EXPECT_GT(dot.at.x, mark->points[1].x);
    EXPECT_LT(dot.at.y, mark->points[1].y);  // a smaller loss is lower
  }
}

TEST(LineChart, TheBestEpochIsMarked) {
  LineChart chart{"Loss", Unit::plain, {{"x", {{1, 1}, {2, 2}, {3, 1.5}}}}};
  EXPECT_FALSE(test::has_label(draw_lines(chart), "best"));
  chart.best = 2;
  chart.curves[0].best = 2;
  const Drawing drawing = draw_lines(chart);
  EXPECT_TRUE(test::has_label(drawing, "best"));
  EXPECT_EQ(test::hints_of(drawing)[1], "epoch 2 (best)\nx 2");
  const auto dots = shapes_of<Dot>(drawing);
  ASSERT_EQ(dots.size(), 3U);
  EXPECT_GT(dots[1].radius, dots[0].radius);
  for (const Stroke& stroke : shapes_of<Stroke>(drawing)) {
    if (stroke.dashed) {
      EXPECT_EQ(stroke.points[0].x, dots[1].at.x);
    }
  }
}

}  // namespace
}  // namespace graft
