#include "graft/report/drawing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Svg, HasEveryShape) {
  Drawing drawing{100, 50.5, "a \"chart\"", {}};
  drawing.add(Stroke{{{1, 2}, {3.456, 4}}, InkChoice::series(1), 2, true});
  drawing.add(Bar{1, 2, 3, 4, Ink::right, 0.5, "first\nsecond"});
  drawing.add(Bar{1, 2, 3, 4, Ink::none, 1, "band"});
  drawing.add(Dot{{5, 6}, 3, Ink::muted});
  drawing.add(Label{{7, 8}, "<b>&", 10, Label::From::end, Ink::text, true, -45});
  const std::string text = svg(drawing);
  for (const char* part :
       {"<svg viewBox=\"0 0 100 50.5\" width=\"100\" height=\"50.5\" role=\"img\" aria-label=\"a "
        "&quot;chart&quot;\">",
        "<polyline points=\"1,2 3.46,4\" fill=\"none\" stroke=\"var(--s1)\" stroke-width=\"2\" "
        "stroke-dasharray=\"5 4\"/>",
        "<rect class=\"hint\" x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"var(--right)\" "
        "fill-opacity=\"0.5\"><title>first\nsecond</title></rect>",
        "<rect class=\"band hint\" x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"transparent\">",
        "<circle cx=\"5\" cy=\"6\" r=\"3\" fill=\"var(--muted)\"/>",
        "text-anchor=\"end\" font-weight=\"600\" transform=\"rotate(-45 7 8)\">&lt;b&gt;&amp;</text>"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("<b>")));
}

}  // namespace
}  // namespace graft
