#include "graft/report/drawing.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

TEST(Drawing, PlacingMovesEveryShape) {
  Drawing part{10, 10, "part", {}}, whole{100, 100, "whole", {}};
  part.add(Stroke{{{1, 2}, {3, 4}}});
  part.add(Bar{1, 2, 3, 4});
  part.add(Dot{{1, 2}});
  part.add(Label{{1, 2}, "x"});
  place(whole, part, 10, 20);
  ASSERT_EQ(whole.shapes.size(), 4U);
  EXPECT_EQ(std::get<Stroke>(whole.shapes[0]).points[1].y, 24);
  EXPECT_EQ(std::get<Bar>(whole.shapes[1]).x, 11);
  EXPECT_EQ(std::get<Dot>(whole.shapes[2]).at.y, 22);
  EXPECT_EQ(std::get<Label>(whole.shapes[3]).at.x, 11);
}

TEST(Drawing, TextIsShortenedBetweenCharacters) {
  EXPECT_EQ(fit_text("ant", 12, 100), "ant");
  const std::string shorter = fit_text("a name that is much too long", 12, 60);
  EXPECT_EQ(shorter.substr(shorter.size() - 3), "…");
  EXPECT_LE(text_width(shorter, 12), 60 + 12);
  EXPECT_EQ(fit_text("日本語日本語", 10, 35), "日本…");
  EXPECT_EQ(fit_text("日本語", 10, 1), "…");
}

TEST(Drawing, TextIsWrappedAfterSpacesAndBars) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(wrap_text("ant", 10, 100, 3), Lines{"ant"});
  EXPECT_EQ(wrap_text("", 10, 100, 3), Lines{""});
  EXPECT_EQ(wrap_text("sand|rock|snow", 10, 60, 3), (Lines{"sand|rock|", "snow"}));
  EXPECT_EQ(wrap_text("one two three", 10, 50, 3), (Lines{"one two ", "three"}));
  EXPECT_EQ(wrap_text("日本語日本語", 10, 35, 3), (Lines{"日本語", "日本語"}));
  EXPECT_EQ(wrap_text("日本", 10, 1, 3), (Lines{"日", "本"}));
  EXPECT_EQ(wrap_text("one two three four", 10, 30, 2), (Lines{"one ", "two three four"}));
}

TEST(Drawing, SeriesRepeatAfterTheEighth) { EXPECT_EQ(InkChoice::series(9).number, 1); }

}  // namespace
}  // namespace graft
