// The frame of a chart: a title, an axis of round numbers on either side, and where a value lies between
// them.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "graft/metrics/metric.h"
#include "graft/report/drawing.h"

namespace graft {

enum class Unit { plain, share, seconds };

// "0.0123", "84.6 %", "2.5 s", as short as it can be read; "–" for what is no number.
std::string value_text(double value, Unit unit);
Unit unit_of(const Metric& metric);

struct Axis {
  double low = 0, high = 1;
  std::vector<double> ticks;
  Unit unit = Unit::plain;
  std::string name;
  bool powers_of_ten = false;  // ticks stand for ten to that power
  std::string zero;            // what stands at the tick 0 in place of the number; empty for the number
};

// From a round number to a round one, both at or beyond the values, with about `steps` steps of 1, 2 or 5
// times a power of ten, none so small that two ticks have the same text. Values that are all equal get room
// about them, within 0 to 1 for shares. What is no number is left out; for none the axis is 0 to 1.
Axis axis_of(std::span<const double> values, int steps, Unit unit);
// For epochs: exactly first to last, ticks at whole numbers, one of them at the first.
Axis epoch_axis(int first, int last);
// The same from 1, with a place at 0 for a probe, whose tick is named so.
Axis epoch_axis_after_probe(int last);
// 0 to 1 in fifths, as percent.
Axis share_axis(std::string name);

struct LegendEntry {
  enum class Mark { line, dot, area, arrow };

  std::string name;
  InkChoice ink;
  bool dashed = false;
  Mark mark = Mark::line;
};

// A mark that stands at the upper edge of a plot for a value above it; `tip` is its highest point.
Stroke upward_arrow(const Point& tip, const InkChoice& ink);

// The width of a chart's title, near enough to leave room for it whatever the font.
double title_width(const std::string& title);
// Draws the title from `left`, in as many lines as it needs to be no wider than `width`. Gives where it ends.
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

// The height that so many legend entries take on a page of this width.
double legend_height(const std::vector<LegendEntry>& legend, double width);

}  // namespace graft
