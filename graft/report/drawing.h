// A chart as data: shapes on a page, with colours by meaning. It can be painted to pixels or written as SVG,
// which follows the page's light or dark theme.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "graft/image/image.h"

namespace graft {

// The meaning of a colour; each backend has its own shade.
enum class Ink { none, text, muted, grid, on_fill, right, wrong, series };

struct InkChoice {
  Ink ink = Ink::none;
  int number = 0;  // of the series, from 0; colours repeat after the eighth

  InkChoice(Ink which) : ink(which) {}  // NOLINT(google-explicit-constructor): an Ink is a choice
  static InkChoice series(std::size_t number) {
    InkChoice choice(Ink::series);
    choice.number = static_cast<int>(number % 8);
    return choice;
  }
};

struct Point {
  double x = 0, y = 0;
};

// A line through points.
struct Stroke {
  std::vector<Point> points;
  InkChoice ink = Ink::text;
  double width = 1;
  bool dashed = false;
};

struct Bar {
  double x = 0, y = 0, width = 0, height = 0;
  InkChoice fill = Ink::none;  // none: invisible, with a hint only
  double opacity = 1;
  std::string hint;  // shown on hover; lines end with \n
};

struct Dot {
  Point at;
  double radius = 3;
  InkChoice ink = Ink::text;
  double opacity = 1;
  std::string hint = {};  // see Bar
};

// One line of text, `at` in the middle of its height.
struct Label {
  enum class From { start, middle, end };

  Point at;
  std::string text;
  double size = 12;
  From from = From::start;
  InkChoice ink = Ink::text;
  bool bold = false;
  double turn = 0;  // degrees clockwise around `at`
};

using Shape = std::variant<Stroke, Bar, Dot, Label>;

struct Drawing {
  double width = 0, height = 0;
  std::string name;  // a text alternative
  std::vector<Shape> shapes;

  template <class S>
  void add(S shape) {
    shapes.emplace_back(std::move(shape));
  }
};

// Adds the shapes of `part` to `onto`, translated.
void place(Drawing& onto, const Drawing& part, double left, double top);

// The approximate width of a line of text, large enough for any font.
double text_width(std::string_view text, double size);
// The text, shortened with "…" to fit.
std::string fit_text(const std::string& text, double size, double width);
// The text in up to `most` lines of that width, broken after a space or "|" if possible. The rest stays in
// the last line.
std::vector<std::string> wrap_text(std::string_view text, double size, double width, std::size_t most);

// A drawing as pixels, on white. `scale`: pixels of one unit of the drawing. Throws Error if the picture
// exceeds Cairo's limit. Thread-safe.
Image paint(const Drawing& drawing, double scale = 2);

// A drawing as an <svg> element for report.html, with colours from the page's style. All text is escaped.
// Hints are <title> elements, which browsers show without a script.
std::string svg(const Drawing& drawing);

}  // namespace graft
