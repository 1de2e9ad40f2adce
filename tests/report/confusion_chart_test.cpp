#include "graft/report/charts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/report/drawing.h"
#include "tests/report/shapes.h"

namespace graft {
namespace {

using test::shapes_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Confusion diagonal(std::size_t classes, std::int64_t count) {
  Confusion confusion(classes, std::vector<std::int64_t>(classes, 0));
  for (std::size_t i = 0; i < classes; ++i) confusion[i][i] = count;
  return confusion;
}

std::vector<std::string> names(std::size_t count) {
  std::vector<std::string> list;
  for (std::size_t i = 0; i < count; ++i) list.push_back("class " + std::to_string(i));
  return list;
}

TEST(ConfusionChart, CellsAreShadedByTheirShareOfTheRow) {
  const Drawing drawing = draw_confusion({{3, 1}, {0, 0}}, {"ant", "bee"}, CellText::counts);
  const auto cells = shapes_of<Bar>(drawing);
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_DOUBLE_EQ(cells[0].opacity, 0.2 + 0.8 * 0.75);
  EXPECT_EQ(cells[0].fill.ink, Ink::right);
  EXPECT_EQ(cells[1].fill.ink, Ink::wrong);
  EXPECT_THAT(test::hints_of(drawing), ElementsAre("true ant\npredicted ant\n3 of 4 (75 %)",
                                                   "true ant\npredicted bee\n1 of 4 (25 %)"));
  EXPECT_TRUE(test::has_label(drawing, "3"));
  EXPECT_TRUE(test::has_label(draw_confusion({{3, 1}, {0, 0}}, {"ant", "bee"}, CellText::shares), "0.75"));
}

TEST(ConfusionChart, NoLetterOfATitleIsCut) {
  for (const CellText text : {CellText::counts, CellText::shares}) {
    const Image image = paint(draw_confusion({{3, 1}, {1, 3}}, {"ant", "bee"}, text), 2);
    const int title_bottom = 2 * 34;
    for (int y = 0; y < title_bottom; ++y) {
      for (int x = image.width() - 8; x < image.width(); ++x)
        ASSERT_EQ(image.row(y)[x * Image::channels], 255) << x << ", " << y;
    }
  }
}

TEST(ConfusionChart, IsDrawnForOneClassAndForAHundred) {
  for (const std::size_t count : {1, 2, 37, 100}) {
    const Drawing drawing = draw_confusion(diagonal(count, 7), names(count), CellText::counts);
    EXPECT_EQ(shapes_of<Bar>(drawing).size(), count);
    EXPECT_TRUE(test::has_label(drawing, "class " + std::to_string(count - 1)));
    const Image image = paint(drawing, 1);
    EXPECT_GT(image.width(), 100);
    EXPECT_LT(image.width(), 1600);
  }
  EXPECT_GT(paint(draw_confusion({}, {}, CellText::counts), 1).width(), 0);
}

TEST(ConfusionChart, WithMoreClassesThoseWithMistakesAreShown) {
  Confusion confusion = diagonal(500, 7);
  confusion[450][499] = 3;
  const auto shown = shown_classes(confusion);
  EXPECT_EQ(shown.size(), max_shown_classes);
  EXPECT_EQ(shown[98], 450U);
  EXPECT_EQ(shown[99], 499U);
  EXPECT_THAT(draw_confusion(confusion, names(500), CellText::counts).name, HasSubstr("100 of 500 classes"));
}

}  // namespace
}  // namespace graft
