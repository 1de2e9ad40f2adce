#include "graft/report/axes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace graft {
namespace {

using ::testing::ElementsAre;
using ::testing::Pointwise;

std::vector<double> ticks(const std::vector<double>& values, Unit unit = Unit::plain) {
  return axis_of(values, 5, unit).ticks;
}

TEST(Axes, TicksAreRoundAndHoldEveryValue) {
  EXPECT_THAT(ticks({0, 1.62}), Pointwise(::testing::DoubleEq(), {0.0, 0.5, 1.0, 1.5, 2.0}));
  EXPECT_THAT(ticks({13, 48}), ElementsAre(10, 20, 30, 40, 50));
  EXPECT_THAT(ticks({-3, 3}), ElementsAre(-4, -2, 0, 2, 4));
  EXPECT_EQ(axis_of(std::vector<double>{1e-7, 1.2e-6}, 5, Unit::plain).low, 0);
}

TEST(Axes, SharesEndAtOne) {
  const Axis axis = axis_of(std::vector<double>{0.45, 1.0}, 5, Unit::share);
  EXPECT_NEAR(axis.high, 1, 1e-12);
  EXPECT_LE(axis.ticks.back(), 1 + 1e-12);
}

TEST(Axes, WhatIsNoNumberIsLeftOut) {
  EXPECT_EQ(ticks({0, std::nan(""), 2, INFINITY}), ticks({0, 2}));
  EXPECT_THAT(ticks({std::nan("")}), ElementsAre(0, 1));
  EXPECT_THAT(ticks({}), ElementsAre(0, 1));
}

TEST(Axes, OneValueHasRoomAboutIt) {
  for (const double value : {0.0, 1.0, -2.5, 1e-9, 1e9}) {
    const Axis axis = axis_of(std::vector<double>{value, value}, 5, Unit::plain);
    EXPECT_LT(axis.low, axis.high) << value;
    EXPECT_LE(axis.low, value) << value;
    EXPECT_GE(axis.high, value) << value;
  }
}

TEST(Axes, EpochsAreWhole) {
  EXPECT_THAT(epoch_axis(0, 3).ticks, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(epoch_axis(1, 25).ticks, ElementsAre(1, 5, 10, 15, 20, 25));
  EXPECT_THAT(epoch_axis(1, 99).ticks, ElementsAre(1, 20, 40, 60, 80));
  const Axis one = epoch_axis(4, 4);
  EXPECT_THAT(one.ticks, ElementsAre(4));
  EXPECT_LT(one.low, one.high);
}

TEST(Axes, AProbeHasAPlaceBeforeTheFirstEpoch) {
  const Axis axis = epoch_axis_after_probe(3);
  EXPECT_THAT(axis.ticks, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(axis.zero, "probe");
  EXPECT_LT(axis.low, 0);
  EXPECT_EQ(axis.high, 3);
}

TEST(Axes, ValuesAsTheyAreRead) {
  EXPECT_EQ(value_text(0.8461, Unit::share), "84.6 %");
  EXPECT_EQ(value_text(0.5, Unit::share), "50 %");
  EXPECT_EQ(value_text(0.001, Unit::plain), "0.001");
  EXPECT_EQ(value_text(2.5, Unit::seconds), "2.5 s");
  EXPECT_EQ(value_text(std::nan(""), Unit::plain), "–");
}

TEST(Axes, APlotIsInsideItsPageWithTheOriginBelow) {
  Drawing drawing{460, 280, "x", {}};
  const Axes axes(drawing, "Loss", {{"a", Ink::text}}, epoch_axis(0, 10), share_axis("share"));
  EXPECT_EQ(axes.x(0), axes.left());
  EXPECT_NEAR(axes.x(10), axes.left() + axes.width(), 1e-9);
  EXPECT_GT(axes.y(0), axes.y(1));
  EXPECT_LT(axes.left() + axes.width(), 460);
  EXPECT_LT(axes.top() + axes.height(), 280);
}

TEST(Axes, ALongLegendTakesMoreLines) {
  const std::vector<LegendEntry> many(12, {"a run with a name", Ink::text});
  EXPECT_EQ(legend_height({}, 460), 0);
  EXPECT_EQ(legend_height({many[0]}, 460), 20);
  EXPECT_GT(legend_height(many, 460), 60);
}

}  // namespace
}  // namespace graft
