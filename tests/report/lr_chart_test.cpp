#include "graft/report/charts.h"

#include "graft/report/report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/report/shapes.h"

namespace graft {
namespace {

bool same(const Image& a, const Image& b) {
  return a.size_bytes() == b.size_bytes() && std::equal(a.data(), a.data() + a.size_bytes(), b.data());
}

TEST(LrChart, ShowsThePointsAndTheSuggestion) {
  std::vector<LrPoint> points;
  for (int i = 0; i < 30; ++i)
    points.push_back({1e-5 * std::pow(10, i / 10.0), 1.0 / (i + 1), 1.0 / (i + 1)});
  const Image plain = draw_lr_search(points, {1e-4, 1e-4, 1e-4});
  EXPECT_EQ(plain.width(), 1240);
  EXPECT_FALSE(same(plain, draw_lr_search(points, {1e-3, 1e-4, 1e-4})));
  points.pop_back();
  points.pop_back();
  EXPECT_FALSE(same(plain, draw_lr_search(points, {1e-4, 1e-4, 1e-4})));
}

std::size_t arrows(const Drawing& drawing) {
  const auto strokes = test::shapes_of<Stroke>(drawing);
  return static_cast<std::size_t>(std::count_if(strokes.begin(), strokes.end(), [](const Stroke& stroke) {
    return stroke.ink.ink == Ink::muted && stroke.points.size() == 3;
  }));
}

TEST(LrChart, EveryLossIsShown) {
  // The axis ends at 1.5.
  const std::vector<LrPoint> points = {{1e-5, 1, 1},   {1e-4, 0.05, 0.9}, {1e-3, 2.5, 0.8}, {1e-2, 0.7, 0.7},
                                       {1e-1, 9, 1.2}, {1, 40, 9},        {10, NAN, NAN}};
  const Drawing drawing = lr_search_chart(points, {1e-3, 1e-3, 1e-3});
  const auto dots = test::shapes_of<Dot>(drawing);
  ASSERT_EQ(dots.size(), 1U + 3U);  // one in the legend and three losses
  EXPECT_EQ(arrows(drawing),
            1U + 4U);  // one in the legend, three losses above the axis and one that is not finite
  double bottom = 0;
  for (const Stroke& stroke : test::shapes_of<Stroke>(drawing)) {
    if (stroke.dashed) bottom = std::max(stroke.points[0].y, stroke.points.back().y);
  }
  for (const Dot& dot : dots) EXPECT_LE(dot.at.y, bottom);
  for (const char* name : {"loss of a step", "smoothed", "above the axis"})
    EXPECT_TRUE(test::has_label(drawing, name)) << name;
  const Drawing tame = lr_search_chart({{1e-5, 1, 1}, {1e-4, 0.9, 0.9}}, {1e-4, 1e-4, 1e-4});
  EXPECT_FALSE(test::has_label(tame, "above the axis"));
}

TEST(LrChart, TheSmoothedLossIsClippedToThePlot) {
  const Drawing drawing =
      lr_search_chart({{1e-2, 1, 1}, {1e-1, 1, 1}, {1, 1, 3}, {10, 1, 9}}, {1e-2, 1e-2, 1e-2});
  Stroke line;
  for (const Stroke& stroke : test::shapes_of<Stroke>(drawing)) {
    if (stroke.ink.ink == Ink::series && !stroke.dashed && stroke.width == 2) line = stroke;
  }
  ASSERT_EQ(line.points.size(), 3U);
  // The axis ends at 1.5, a quarter of the way from 1 to 3.
  EXPECT_NEAR((line.points[2].x - line.points[1].x) / (line.points[1].x - line.points[0].x), 0.25, 1e-9);
  EXPECT_LT(line.points[2].y, line.points[1].y);
}

TEST(LrChart, IgnoredStepsHaveAGreyBackground) {
  std::vector<LrPoint> points;
  for (int i = 0; i < 20; ++i) points.push_back({1e-5 * std::pow(10, i / 10.0), 1, 1});
  const auto grounds = [&](std::size_t first, std::size_t end) {
    std::vector<Bar> bars = test::shapes_of<Bar>(lr_search_chart(points, {1e-4, 1e-4, 1e-4, first, end}));
    if (!bars.empty()) bars.erase(bars.begin());  // the legend's
    return bars;
  };
  const auto both = grounds(2, 15);
  ASSERT_EQ(both.size(), 2U);
  EXPECT_NEAR(both[1].width / both[0].width, 4.5 / 1.5, 1e-9);
  EXPECT_EQ(grounds(0, 15).size(), 1U);
  EXPECT_EQ(grounds(0, 0).size(), 0U);
  EXPECT_TRUE(test::has_label(lr_search_chart(points, {1e-4, 1e-4, 1e-4, 2, 15}),
                              "ignored: the first tenth, the last 5 steps"));
}

TEST(LrChart, WithoutFiniteLossesItIsStillAChart) {
  EXPECT_EQ(draw_lr_search({}, {1e-3, 1e-3, 1e-3}).width(), 1240);
  EXPECT_EQ(draw_lr_search({{1e-3, NAN, NAN}}, {1e-3, 1e-3, 1e-3}).width(), 1240);
  EXPECT_EQ(draw_lr_search({{1e-3, 1, 1}, {1e-2, INFINITY, INFINITY}}, {1e-3, 1e-3, 1e-3}).width(), 1240);
}

// The curve that the suggestion comes from is whole, however low the first loss is.
TEST(LrChart, TheJudgedCurveIsWithinTheAxis) {
  std::vector<LrPoint> points;
  for (int i = 0; i < 20; ++i)
    points.push_back({1e-5 * std::pow(10, i / 10.0), 1.0 + 0.2 * i, i < 15 ? 1.0 + 0.2 * i : 50});
  const auto curve = [&](std::size_t end) {
    Stroke line;
    for (const Stroke& stroke :
         test::shapes_of<Stroke>(lr_search_chart(points, {1e-4, 1e-4, 1e-4, 2, end}))) {
      if (stroke.ink.ink == Ink::series && !stroke.dashed && stroke.width == 2) line = stroke;
    }
    return line.points.size();
  };
  EXPECT_EQ(curve(15), 16U);  // the last one is where the line leaves the plot
  EXPECT_LT(curve(0), 5U);
}

}  // namespace
}  // namespace graft
