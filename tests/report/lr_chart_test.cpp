#include "graft/report/lr_chart.h"

#include <gtest/gtest.h>

#include <cmath>

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

TEST(LrChart, WhatIsNoNumberOrNothingAtAllIsStillAChart) {
  EXPECT_EQ(draw_lr_search({}, {1e-3, 1e-3, 1e-3}).width(), 1240);
  EXPECT_EQ(draw_lr_search({{1e-3, NAN, NAN}}, {1e-3, 1e-3, 1e-3}).width(), 1240);
  EXPECT_EQ(draw_lr_search({{1e-3, 1, 1}, {1e-2, INFINITY, INFINITY}}, {1e-3, 1e-3, 1e-3}).width(), 1240);
}

}  // namespace
}  // namespace graft
