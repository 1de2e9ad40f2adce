// The frame of a chart: a title, two axes with round numbers, and the mapping from values to coordinates.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "graft/metrics/metric.h"
#include "graft/report/drawing.h"

namespace graft {

enum class Unit { plain, share, seconds };

// "0.0123", "84.6 %", "2.5 s", in a short form; "–" if not finite.
std::string value_text(double value, Unit unit);
Unit unit_of(const Metric& metric);

struct Axis {
  double low = 0, high = 1;
  std::vector<double> ticks;
  Unit unit = Unit::plain;
  std::string name;
  bool powers_of_ten = false;  // ticks are exponents of ten
  std::string zero;            // label of the tick 0; empty for the number
};

// The label of one of the axis's ticks.
std::string tick_text(const Axis& axis, double tick);

// An axis between round numbers that contains all values, with about `steps` steps of 1, 2 or 5 times a power
// of ten, large enough that no two ticks have the same text. Equal values get a margin, within 0 to 1 for
// shares. Values that are not finite are ignored; without values the axis is 0 to 1.
Axis axis_of(std::span<const double> values, int steps, Unit unit);
// For epochs: exactly first to last, ticks at whole numbers, one of them at the first.
Axis epoch_axis(int first, int last);
// The same from 1, with a tick "probe" at 0.
Axis epoch_axis_after_probe(int last);
// 0 to 1 in fifths, as percent.
Axis share_axis(std::string name);

struct LegendEntry {
  enum class Mark { line, dot, area, arrow, ring };

  std::string name;
  InkChoice ink;
  bool dashed = false;
  Mark mark = Mark::line;
};

// A mark at the upper edge of a plot for a value above it; `tip` is its highest point.
Stroke upward_arrow(const Point& tip, const InkChoice& ink);
Stroke ring_around(const Point& at, double radius);

// The approximate width of a chart's title, large enough for any font.
double title_width(const std::string& title);
// Draws the title at `left`, wrapped into lines of at most `width`. Returns the y coordinate of its end.
double draw_title(Drawing& drawing, const std::string& title, double left, double width);

class Axes {
 public:
  // Draws title, legend, grid, ticks and the axes' names on a page of this size. `drawing` must outlive it.
  Axes(Drawing& drawing, const std::string& title, const std::vector<LegendEntry>& legend, Axis x, Axis y);

  double left() const { return left_; }
  double top() const { return top_; }
  double width() const { return width_; }
  double height() const { return height_; }
  double x(double value) const { return left_ + (value - x_.low) / (x_.high - x_.low) * width_; }
  double y(double value) const { return top_ + height_ - (value - y_.low) / (y_.high - y_.low) * height_; }

 private:
  double draw_legend(Drawing& drawing, const std::vector<LegendEntry>& legend, double top) const;
  void draw_ticks(Drawing& drawing) const;

  Axis x_, y_;
  double left_ = 0, top_ = 0, width_ = 0, height_ = 0;
};

// The height of a legend on a page of this width.
double legend_height(const std::vector<LegendEntry>& legend, double width);

}  // namespace graft
