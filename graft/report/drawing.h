// A chart as data: shapes on a page, coloured by what they mean. Drawn to pixels, and written as SVG, which
// follows the reader's light or dark page.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "graft/image/image.h"

namespace graft {

// What a colour says; each backend has its own shade of it.
enum class Ink { none, text, muted, grid, on_fill, right, wrong, series };

struct InkChoice {
  Ink ink = Ink::none;
  int number = 0;  // of the series, from 0; beyond the eighth they begin again

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
  InkChoice fill = Ink::none;  // none: seen by the pointer alone
  double opacity = 1;
  std::string hint;  // shown where the pointer rests; lines end with \n
};

struct Dot {
  Point at;
  double radius = 3;
  InkChoice ink = Ink::text;
  double opacity = 1;
  std::string hint = {};  // as a Bar's
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
  double turn = 0;  // degrees clockwise about `at`
};

using Shape = std::variant<Stroke, Bar, Dot, Label>;

struct Drawing {
  double width = 0, height = 0;
  std::string name;  // what it shows, for who cannot see it
  std::vector<Shape> shapes;

  template <class S>
  void add(S shape) {
    shapes.emplace_back(std::move(shape));
  }
};

// Puts the shapes of another drawing on this one, moved.
void place(Drawing& onto, const Drawing& part, double left, double top);

// The width of a line of text, near enough to leave room for it whatever the font.
double text_width(std::string_view text, double size);
// The text, or as much of it as fits with "…".
std::string fit_text(const std::string& text, double size, double width);
// The text in up to `most` lines of that width, which break after a space or "|" where they can. What does
// not fit stays in the last line.
std::vector<std::string> wrap_text(std::string_view text, double size, double width, std::size_t most);

// A drawing as pixels, on white. `scale`: pixels of one unit of the drawing. Throws Error where the picture
// would be larger than Cairo draws. Thread-safe.
Image paint(const Drawing& drawing, double scale = 2);

// A drawing as an <svg> element that stands within report.html and takes its colours from the page's style.
// Every text is escaped. Hints are <title> elements, which browsers show without a script.
std::string svg(const Drawing& drawing);

}  // namespace graft
