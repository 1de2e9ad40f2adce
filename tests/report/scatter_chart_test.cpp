#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graft/report/charts.h"
#include "tests/report/shapes.h"

namespace graft {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::Le;

// The plot is between the first and the last point of the diagonal.
Stroke diagonal_of(const Drawing& drawing) {
  for (const Stroke& stroke : test::shapes_of<Stroke>(drawing)) {
    const Point a = stroke.points.front(), b = stroke.points.back();
    if (stroke.dashed && a.x != b.x && a.y != b.y) return stroke;
  }
  ADD_FAILURE() << "no diagonal";
  return Stroke{{{0, 0}, {0, 0}}};
}

std::vector<Dot> dots_of(const Drawing& drawing) {
  std::vector<Dot> dots = test::shapes_of<Dot>(drawing);
  EXPECT_FALSE(dots.empty());
  dots.erase(dots.begin());  // the legend's
  return dots;
}

TEST(ScatterChart, HasADotForEachPictureOnEqualAxes) {
  const Drawing drawing = draw_scatter({{0, 0, "a.jpg"}, {10, 5, "b.jpg"}, {2, 10, "c.jpg"}});
  const Stroke diagonal = diagonal_of(drawing);
  const Point low = diagonal.points.front(), high = diagonal.points.back();
  EXPECT_NEAR(high.x - low.x, low.y - high.y, 1e-9);  // 0 to 10 on both
  const auto dots = dots_of(drawing);
  ASSERT_EQ(dots.size(), 3U);
  EXPECT_NEAR(dots[0].at.x, low.x, 1e-9);
  EXPECT_NEAR(dots[0].at.y, low.y, 1e-9);
  EXPECT_NEAR(dots[1].at.x, high.x, 1e-9);
  EXPECT_NEAR(dots[1].at.y, (low.y + high.y) / 2, 1e-9);
  EXPECT_NEAR(dots[2].at.x, low.x + (high.x - low.x) / 5, 1e-9);
  EXPECT_EQ(dots[1].hint, "b.jpg\ntrue 10\npredicted 5");
  for (const char* label : {"Predicted and true numbers", "true", "predicted"})
    EXPECT_TRUE(test::has_label(drawing, label)) << label;
}

TEST(ScatterChart, PointsThatCannotBeDrawnAreOmittedAndCounted) {
  const double nothing = std::nan("");
  for (const auto& points :
       {std::vector<ScatterPoint>{{1, 2, ""}, {nothing, 1, ""}, {1, INFINITY, ""}, {1, 1e308, ""}},
        std::vector<ScatterPoint>{{nothing, nothing, ""}}, std::vector<ScatterPoint>{}}) {
    const Drawing drawing = draw_scatter(points);
    EXPECT_TRUE(std::isfinite(drawing.height));
    for (const Dot& dot : dots_of(drawing)) EXPECT_TRUE(std::isfinite(dot.at.x) && std::isfinite(dot.at.y));
  }
  EXPECT_TRUE(test::has_label(draw_scatter({{1, 2, ""}, {nothing, 1, ""}}),
                              "Predicted and true numbers (1 of 2 pictures)"));
  EXPECT_EQ(dots_of(draw_scatter({{3, 3, ""}})).size(), 1U);
}

TEST(ScatterChart, DenseRegionsAreThinnedAndIsolatedPointsStay) {
  std::vector<ScatterPoint> points;
  for (int i = 0; i < 20'000; ++i) points.push_back({0.001 * (i % 100), 0.001 * (i % 77), std::to_string(i)});
  points.push_back({50, 100, "alone"});
  const auto shown = shown_points(points);
  EXPECT_THAT(shown.size(), AllOf(Ge(4'000U), Le(max_scatter_points)));
  EXPECT_EQ(shown.back().name, "alone");
  EXPECT_EQ(shown.front().name, "0");
  const auto again = shown_points(points);
  ASSERT_EQ(shown.size(), again.size());
  for (std::size_t i = 0; i < shown.size(); ++i) EXPECT_EQ(shown[i].name, again[i].name);
  EXPECT_EQ(draw_scatter(points).name,
            "Predicted and true numbers (" + std::to_string(shown.size()) + " of 20001 pictures)");
}

TEST(ScatterChart, AsManyAsFitAreAllShown) {
  const std::vector<ScatterPoint> points(max_scatter_points, {1, 2, ""});
  EXPECT_EQ(shown_points(points).size(), max_scatter_points);
  EXPECT_EQ(shown_points(std::vector<ScatterPoint>(max_scatter_points + 1, {1, 2, ""})).size(),
            max_scatter_points);
}

}  // namespace
}  // namespace graft
