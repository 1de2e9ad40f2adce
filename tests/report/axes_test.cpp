#include "graft/report/axes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/report/shapes.h"

namespace graft {
namespace {

using ::testing::ElementsAre;
using ::testing::Pointwise;

std::vector<double> ticks(const std::vector<double>& values, Unit unit = Unit::plain) {
  return axis_of(values, 5, unit).ticks;
}

TEST(Axes, TicksAreRoundAndIncludeEveryValue) {
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

TEST(Axes, SharesThatAreAllEqualStayWithinZeroAndOne) {
  for (const double value : {0.0, 1e-5, 0.02, 0.5, 0.7, 0.9, 0.9542, 1.0}) {
    for (const int count : {1, 3}) {
      const Axis axis = axis_of(std::vector<double>(static_cast<std::size_t>(count), value), 5, Unit::share);
      EXPECT_GE(axis.low, 0) << value;
      EXPECT_LE(axis.high, 1 + 1e-12) << value;
      EXPECT_LT(axis.low, axis.high) << value;
      EXPECT_LE(axis.low, value) << value;
      EXPECT_GE(axis.high, value - 1e-12) << value;
      EXPECT_GE(axis.ticks.front(), axis.low) << value;
      EXPECT_LE(axis.ticks.back(), axis.high) << value;
    }
  }
  EXPECT_THAT(ticks({0.9, 0.9}, Unit::share), Pointwise(::testing::DoubleNear(1e-9), {0.4, 0.6, 0.8, 1.0}));
}

TEST(Axes, NonNegativeValuesHaveNoTickBelowZero) {
  for (const Unit unit : {Unit::plain, Unit::seconds}) {
    for (const double value : {0.0, 1e-9, 0.3, 7.0, 12.0, 1e9})
      EXPECT_GE(axis_of(std::vector<double>{value, value}, 5, unit).low, 0) << value;
  }
}

TEST(Axes, NoTwoTicksHaveTheSameText) {
  for (const Unit unit : {Unit::plain, Unit::share, Unit::seconds}) {
    for (const double value : {1e-4, 0.69315, 0.98, 9.87, 61.5}) {
      for (const double more : {0.0, 1e-14, 1e-9, 1e-6, 1e-4, 1e-3}) {
        const Axis axis = axis_of(std::vector<double>{value, value * (1 + more)}, 5, unit);
        EXPECT_LT(axis.low, axis.high);
        for (std::size_t i = 1; i < axis.ticks.size(); ++i)
          EXPECT_NE(tick_text(axis, axis.ticks[i]), tick_text(axis, axis.ticks[i - 1]))
              << value << " " << more;
      }
    }
  }
}

// Prices, years, times: the axis follows the range, and labels have all digits.
TEST(Axes, LargeNumbersThatDifferLittleAreDistinguished) {
  const auto labels = [](double low, double high) {
    const Axis axis = axis_of(std::vector<double>{low, high}, 5, Unit::plain);
    std::vector<std::string> texts;
    for (const double tick : axis.ticks) texts.push_back(tick_text(axis, tick));
    return texts;
  };
  EXPECT_THAT(labels(1.7e12, 1.7e12 + 48000), ElementsAre("1700000000000", "1700000010000", "1700000020000",
                                                          "1700000030000", "1700000040000", "1700000050000"));
  EXPECT_THAT(labels(-1188000, -1200000), ElementsAre("-1200000", "-1195000", "-1190000", "-1185000"));
  EXPECT_THAT(labels(100000, 900000), ElementsAre("0", "200000", "400000", "600000", "800000", "1000000"));
  EXPECT_THAT(labels(0.25, 2), ElementsAre("0", "0.5", "1", "1.5", "2"));
}

TEST(Axes, WideLabelsAreCompleteAndDoNotOverlap) {
  Drawing drawing{460, 460, "t", {}};
  Axis axis = axis_of(std::vector<double>{1.7e12, 1.7e12 + 48000}, 8, Unit::plain);
  axis.name = "true";
  const Axes axes(drawing, "t", {}, axis, axis);
  double end_of_last = 0;
  std::size_t below = 0;
  for (const Label& label : test::shapes_of<Label>(drawing)) {
    const double width = text_width(label.text, label.size);
    if (label.from == Label::From::end) {
      EXPECT_GE(label.at.x - width, 12) << label.text;
    }
    if (label.from != Label::From::middle || label.text.size() < 10) continue;
    EXPECT_GE(label.at.x - width / 2, end_of_last) << label.text;
    EXPECT_LE(label.at.x + width / 2, drawing.width) << label.text;
    end_of_last = label.at.x + width / 2;
    ++below;
  }
  EXPECT_GE(below, 2U);
}

TEST(Axes, ValuesThatAreNotFiniteAreIgnored) {
  EXPECT_EQ(ticks({0, std::nan(""), 2, INFINITY}), ticks({0, 2}));
  EXPECT_THAT(ticks({std::nan("")}), ElementsAre(0, 1));
  EXPECT_THAT(ticks({}), ElementsAre(0, 1));
}

TEST(Axes, ASingleValueHasAMargin) {
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

TEST(Axes, AProbeIsBeforeTheFirstEpoch) {
  const Axis axis = epoch_axis_after_probe(3);
  EXPECT_THAT(axis.ticks, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(axis.zero, "probe");
  EXPECT_LT(axis.low, 0);
  EXPECT_EQ(axis.high, 3);
}

TEST(Axes, ValuesAreFormattedForPeople) {
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

TEST(Axes, ALongTitleTakesMoreLines) {
  const auto plot_top = [](const std::string& title, std::vector<Label>& labels) {
    Drawing drawing{460, 280, "x", {}};
    const Axes axes(drawing, title, {}, epoch_axis(0, 10), share_axis("share"));
    labels = test::shapes_of<Label>(drawing);
    return axes.top();
  };
  std::vector<Label> one, two;
  const double short_top = plot_top("Loss", one);
  EXPECT_GT(plot_top("A title that is so long that one line of the chart does not hold it", two), short_top);
  ASSERT_EQ(two.size(), one.size() + 1);
  EXPECT_TRUE(two[0].bold && two[1].bold);
  EXPECT_LT(two[0].at.y, two[1].at.y);
  for (const Label& line : {two[0], two[1]}) EXPECT_LE(line.at.x + title_width(line.text), 460);
}

TEST(Axes, ALegendShowsTheMarksOfItsEntries) {
  Drawing drawing{460, 280, "x", {}};
  using Mark = LegendEntry::Mark;
  const Axes axes(drawing, "Loss",
                  {{"a", Ink::muted, false, Mark::dot},
                   {"b", Ink::grid, false, Mark::area},
                   {"c", Ink::muted, false, Mark::arrow}},
                  epoch_axis(0, 10), share_axis("share"));
  EXPECT_EQ(test::shapes_of<Dot>(drawing).size(), 1U);
  EXPECT_EQ(test::shapes_of<Bar>(drawing).size(), 1U);
  const auto strokes = test::shapes_of<Stroke>(drawing);
  EXPECT_EQ(
      std::count_if(strokes.begin(), strokes.end(), [](const Stroke& s) { return s.points.size() == 3; }), 1);
}

TEST(Axes, ALongLegendTakesMoreLines) {
  const std::vector<LegendEntry> many(12, {"a run with a name", Ink::text});
  EXPECT_EQ(legend_height({}, 460), 0);
  EXPECT_EQ(legend_height({many[0]}, 460), 20);
  EXPECT_GT(legend_height(many, 460), 60);
}

}  // namespace
}  // namespace graft
