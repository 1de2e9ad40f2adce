#include "graft/report/palette.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace graft {
namespace {

using ::testing::HasSubstr;

// WCAG 2.1: relative luminance and contrast.
double luminance(const Rgb& rgb) {
  const auto linear = [](std::uint8_t value) {
    const double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
}

double contrast(const Rgb& a, const Rgb& b) {
  const double first = luminance(a), second = luminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

TEST(Palette, LinesAndTextHaveContrastOnBothPages) {
  const Rgb light_card = {255, 255, 255}, dark_card = {22, 27, 34};
  std::vector<InkChoice> inks = {Ink::text, Ink::muted};
  for (std::size_t i = 0; i < 8; ++i) inks.push_back(InkChoice::series(i));
  for (const InkChoice& ink : inks) {
    EXPECT_GE(contrast(shade(ink).light, light_card), 4.5) << css_color(ink);
    EXPECT_GE(contrast(shade(ink).dark, dark_card), 4.5) << css_color(ink);
  }
}

TEST(Palette, EveryColourOfADrawingIsAVariableOfTheStyle) {
  for (const bool dark : {false, true}) {
    const std::string css = palette_css(dark);
    for (const InkChoice& ink :
         {InkChoice(Ink::text), InkChoice(Ink::muted), InkChoice(Ink::grid), InkChoice(Ink::on_fill),
          InkChoice(Ink::right), InkChoice(Ink::wrong), InkChoice::series(0), InkChoice::series(7)}) {
      const std::string color = css_color(ink);  // var(--name)
      EXPECT_THAT(css, HasSubstr(color.substr(4, color.size() - 5) + ":#"));
    }
  }
  EXPECT_EQ(css_color(Ink::none), "transparent");
}

}  // namespace
}  // namespace graft
