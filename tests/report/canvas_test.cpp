#include "graft/report/drawing.h"

#include <gtest/gtest.h>

#include <array>

#include "graft/core/error.h"

namespace graft {
namespace {

std::array<int, 3> pixel(const Image& image, int y, int x) {
  const std::uint8_t* p = image.row(y) + x * 3;
  return {p[0], p[1], p[2]};
}

constexpr std::array<int, 3> white = {255, 255, 255};

TEST(Canvas, PaintsShapesAtTheirPositionsInTheirColours) {
  Drawing drawing{100, 50, "test", {}};
  drawing.add(Bar{10, 10, 20, 20, InkChoice::series(0)});
  drawing.add(Bar{40, 10, 20, 20, Ink::none, 1, "a hint"});
  drawing.add(Dot{{80, 20}, 5, InkChoice::series(1)});
  drawing.add(Stroke{{{10, 40}, {90, 40}}, InkChoice::series(2), 4});
  const Image image = paint(drawing, 2);
  EXPECT_EQ(image.height(), 100);
  EXPECT_EQ(image.width(), 200);
  EXPECT_EQ(pixel(image, 0, 0), white);
  EXPECT_EQ(pixel(image, 40, 40), (std::array<int, 3>{31, 105, 201}));
  EXPECT_EQ(pixel(image, 40, 100), white);
  EXPECT_EQ(pixel(image, 40, 160), (std::array<int, 3>{188, 76, 0}));
  EXPECT_EQ(pixel(image, 80, 100), (std::array<int, 3>{26, 127, 75}));
}

// A line after a text starts at its own first point.
TEST(Canvas, TextDoesNotConnectToTheNextLine) {
  Drawing drawing{100, 50, "test", {}};
  drawing.add(Label{{5, 10}, "x"});
  drawing.add(Stroke{{{60, 40}, {90, 40}}, Ink::text, 2});
  const Image image = paint(drawing, 1);
  for (int x = 30; x < 58; ++x) {
    for (int y = 0; y < 50; ++y) EXPECT_EQ(pixel(image, y, x), white);
  }
}

TEST(Canvas, LabelsAreAlignedAsSet) {
  const auto ink_left_of = [](Label::From from) {
    Drawing drawing{100, 30, "test", {}};
    drawing.add(Label{{50, 15}, "MMMM", 10, from});
    const Image image = paint(drawing, 1);
    int left = 0, right = 0;
    for (int y = 0; y < 30; ++y) {
      for (int x = 0; x < 100; ++x) (x < 50 ? left : right) += pixel(image, y, x) != white ? 1 : 0;
    }
    return std::pair(left, right);
  };
  const auto start = ink_left_of(Label::From::start), end = ink_left_of(Label::From::end),
             middle = ink_left_of(Label::From::middle);
  EXPECT_EQ(start.first, 0);
  EXPECT_GT(start.second, 20);
  EXPECT_EQ(end.second, 0);
  EXPECT_GT(end.first, 20);
  EXPECT_GT(middle.first, 10);
  EXPECT_GT(middle.second, 10);
}

TEST(Canvas, MoreThanCairoDrawsIsAnError) { EXPECT_THROW(paint({1e5, 10, "wide", {}}), Error); }

}  // namespace
}  // namespace graft
