#include "graft/report/axes.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>
#include <utility>

namespace graft {
namespace {

constexpr double left_margin = 64, right_margin = 24, bottom_margin = 42;
constexpr double axes_title_height = 34,
                 title_line = 18;  // heights of the first line and of each further line
constexpr double tick_size = 12, title_size = 14, name_size = 12;
constexpr double bold = 1.15;  // width of bold letters relative to regular ones
constexpr double legend_line = 20, legend_mark = 18, legend_gap = 14;

std::string printed(const char* pattern, double value) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

double round_step(double range, int steps) {
  const double rough = range / steps;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * 0.999) return factor * power;
  }
  return 10 * power;
}

// Multiples of `step` from the last at or below `low` to the first at or above `high`.
std::vector<double> ticks_between(double low, double high, double step) {
  std::vector<double> ticks;
  const auto first = static_cast<long>(std::floor(low / step + 1e-9));
  const auto last = static_cast<long>(std::ceil(high / step - 1e-9));
  for (long i = first; i <= last; ++i) ticks.push_back(static_cast<double>(i) * step);
  return ticks;
}

// The smallest step that tick_text() shows for values up to `most`.
double finest_step(double most, Unit unit) {
  if (unit == Unit::share) return 0.001;
  if (unit == Unit::seconds && most >= 10) return 1;
  const double power = most > 0 ? std::pow(10, std::floor(std::log10(most))) : 1;
  return unit == Unit::seconds ? power / 100 : power * 1e-9;
}

// Digits are wider than letters.
double digits_width(const std::string& text) { return 1.2 * text_width(text, tick_size); }

double entry_width(const LegendEntry& entry) {
  return legend_mark + 6 + text_width(entry.name, name_size) + legend_gap;
}

void draw_mark(Drawing& drawing, const LegendEntry& entry, double left, double middle) {
  switch (entry.mark) {
    case LegendEntry::Mark::line:
      return drawing.add(Stroke{{{left, middle}, {left + legend_mark, middle}}, entry.ink, 3, entry.dashed});
    case LegendEntry::Mark::dot:
      return drawing.add(Dot{{left + legend_mark / 2, middle}, 3, entry.ink});
    case LegendEntry::Mark::area:
      return drawing.add(Bar{left, middle - 6, legend_mark, 12, entry.ink, 1, ""});
    case LegendEntry::Mark::arrow:
      return drawing.add(upward_arrow({left + legend_mark / 2, middle - 3}, entry.ink));
    case LegendEntry::Mark::ring:
      return drawing.add(ring_around({left + legend_mark / 2, middle}, 6));
  }
}

}  // namespace

std::string value_text(double value, Unit unit) {
  if (!std::isfinite(value)) return "–";
  if (unit == Unit::share) {
    const double percent = value * 100;
    return printed(std::abs(percent - std::round(percent)) < 0.005 ? "%.0f %%" : "%.1f %%", percent);
  }
  if (unit == Unit::seconds) return printed(value < 10 ? "%.3g s" : "%.0f s", value);
  return printed("%.4g", value);
}

std::string tick_text(const Axis& axis, double tick) {
  if (axis.powers_of_ten) return printed("%g", std::pow(10, tick));
  if (tick == 0 && !axis.zero.empty()) return axis.zero;
  const double most = std::max(std::abs(axis.ticks.front()), std::abs(axis.ticks.back()));
  if (axis.unit != Unit::plain || axis.ticks.size() < 2 || most == 0) return value_text(tick, axis.unit);
  // As many digits as distinguish the ticks, and all of a whole number's.
  const int first = static_cast<int>(std::floor(std::log10(most)));
  const int last = static_cast<int>(std::floor(std::log10(axis.ticks[1] - axis.ticks[0]) + 1e-9));
  const int digits = std::max({4, first - last + 1, most < 1e15 ? first + 1 : 0});
  return printed(("%." + std::to_string(digits) + "g").c_str(), tick);
}

Unit unit_of(const Metric& metric) { return metric.unit == MetricUnit::share ? Unit::share : Unit::plain; }

Axis axis_of(std::span<const double> values, int steps, Unit unit) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return {0, 1, {0, 1}, unit, ""};
  const double finest = finest_step(std::max(std::abs(low), std::abs(high)), unit);
  if (high - low <= 1e-6 * finest) {  // one value only: an axis around it
    const double value = low, around = value == 0 ? 1 : std::abs(value) * 0.5;
    low = value == 0 ? 0 : value - around;
    high = value + around;
    if (unit == Unit::share) high = std::max(value, std::min(high, 1.0));
  }
  auto ticks = ticks_between(low, high, std::max(round_step(high - low, steps), finest));
  const double first = ticks.front(), last = ticks.back();
  return {first, last, std::move(ticks), unit, ""};
}

Axis epoch_axis(int first, int last) {
  const double step = last - first < 8 ? 1 : std::max(1.0, round_step(last - first, 6));
  Axis axis{static_cast<double>(first), static_cast<double>(last), {}, Unit::plain, "epoch"};
  axis.ticks.push_back(first);
  for (const double tick : ticks_between(first, last, step)) {
    if (tick - first > step / 2 && tick <= last) axis.ticks.push_back(tick);
  }
  if (first == last) {
    axis.low -= 1;
    axis.high += 1;
  }
  return axis;
}

Axis epoch_axis_after_probe(int last) {
  Axis axis = epoch_axis(0, std::max(last, 1));
  axis.low -= std::max(0.4, 0.03 * axis.high);
  axis.zero = "probe";
  return axis;
}

Stroke upward_arrow(const Point& tip, const InkChoice& ink) {
  return Stroke{{{tip.x - 3.5, tip.y + 6}, tip, {tip.x + 3.5, tip.y + 6}}, ink, 2};
}

double title_width(const std::string& title) { return text_width(title, bold * title_size); }

double draw_title(Drawing& drawing, const std::string& title, double left, double width) {
  constexpr std::size_t max_lines = 20;
  double bottom = axes_title_height;
  for (const std::string& line : wrap_text(title, bold * title_size, width, max_lines)) {
    drawing.add(
        Label{{left, bottom - axes_title_height / 2}, line, title_size, Label::From::start, Ink::text, true});
    bottom += title_line;
  }
  return bottom - title_line;
}

Axis share_axis(std::string name) { return {0, 1, {0, 0.2, 0.4, 0.6, 0.8, 1}, Unit::share, std::move(name)}; }

double legend_height(const std::vector<LegendEntry>& legend, double width) {
  if (legend.empty()) return 0;
  double x = 0, height = legend_line;
  for (const LegendEntry& entry : legend) {
    if (x > 0 && x + entry_width(entry) > width - left_margin - right_margin + legend_gap) {
      x = 0;
      height += legend_line;
    }
    x += entry_width(entry);
  }
  return height;
}

Stroke ring_around(const Point& at, double radius) {
  constexpr int corners = 24;
  Stroke ring{{}, Ink::text, 1.5};
  for (int i = 0; i <= corners; ++i) {
    const double angle = 2 * std::numbers::pi * i / corners;
    ring.points.push_back({at.x + radius * std::cos(angle), at.y + radius * std::sin(angle)});
  }
  return ring;
}

Axes::Axes(Drawing& drawing, const std::string& title, const std::vector<LegendEntry>& legend, Axis x, Axis y)
    : x_(std::move(x)), y_(std::move(y)), left_(left_margin) {
  const double before_ticks = y_.name.empty() ? 4 : 22;
  for (const double tick : y_.ticks)
    left_ = std::max(left_, before_ticks + digits_width(tick_text(y_, tick)) + 8);
  width_ = drawing.width - left_ - right_margin;
  const double below_title = draw_title(drawing, title, left_, width_ + right_margin);
  top_ = draw_legend(drawing, legend, below_title) + 20;
  height_ = drawing.height - top_ - bottom_margin;
  draw_ticks(drawing);
}

// Returns the y coordinate of its end.
double Axes::draw_legend(Drawing& drawing, const std::vector<LegendEntry>& legend, double top) const {
  double x = 0, y = top;
  for (const LegendEntry& entry : legend) {
    if (x > 0 && x + entry_width(entry) > width_ + legend_gap) {
      x = 0;
      y += legend_line;
    }
    const double middle = y + legend_line / 2, from = left_ + x;
    draw_mark(drawing, entry, from, middle);
    drawing.add(Label{{from + legend_mark + 6, middle}, entry.name, name_size});
    x += entry_width(entry);
  }
  return legend.empty() ? top : y + legend_line;
}

void Axes::draw_ticks(Drawing& drawing) const {
  const double bottom = top_ + height_;
  for (const double tick : y_.ticks) {
    drawing.add(Stroke{{{left_, y(tick)}, {left_ + width_, y(tick)}}, Ink::grid});
    drawing.add(Label{{left_ - 8, y(tick)}, tick_text(y_, tick), tick_size, Label::From::end, Ink::muted});
  }
  drawing.add(Stroke{{{left_, bottom}, {left_ + width_, bottom}}, Ink::muted});
  double written = 0;  // up to this coordinate
  for (const double tick : x_.ticks) {
    const std::string text = tick_text(x_, tick);
    const double half = digits_width(text) / 2, right = left_ + width_ + right_margin;
    // Wide labels have room at some ticks only.
    if (x_.unit == Unit::plain && text.size() > 5 && (x(tick) - half < written || x(tick) + half > right))
      continue;
    written = x(tick) + half + 6;
    drawing.add(Label{{x(tick), bottom + 14}, text, tick_size, Label::From::middle, Ink::muted});
  }
  drawing.add(Label{{left_ + width_ / 2, bottom + 32}, x_.name, name_size, Label::From::middle, Ink::muted});
  if (y_.name.empty()) return;
  drawing.add(
      Label{{12, top_ + height_ / 2}, y_.name, name_size, Label::From::middle, Ink::muted, false, -90});
}

}  // namespace graft
