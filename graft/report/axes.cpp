#include "graft/report/axes.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace graft {
namespace {

constexpr double left_margin = 64, right_margin = 24, bottom_margin = 42, title_height = 34;
constexpr double tick_size = 12, title_size = 14, name_size = 12;
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

double entry_width(const LegendEntry& entry) {
  return legend_mark + 6 + text_width(entry.name, name_size) + legend_gap;
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

Axis axis_of(std::span<const double> values, int steps, Unit unit) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return {0, 1, {0, 1}, unit, ""};
  // One value only: an axis about it.
  if (high - low <= 1e-12 * std::max(std::abs(low), std::abs(high))) {
    const double around = low == 0 ? 1 : std::abs(low) * 0.5;
    low -= low == 0 ? 0 : around;
    high += around;
  }
  auto ticks = ticks_between(low, high, round_step(high - low, steps));
  // No accuracy lies above one.
  if (unit == Unit::share && ticks.back() > 1) ticks.pop_back();
  const double end = unit == Unit::share ? std::max(ticks.back(), std::min(high, 1.0)) : ticks.back();
  return {ticks.front(), end, std::move(ticks), unit, ""};
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

Axes::Axes(Drawing& drawing, const std::string& title, const std::vector<LegendEntry>& legend, Axis x, Axis y)
    : x_(std::move(x)), y_(std::move(y)), left_(left_margin) {
  width_ = drawing.width - left_margin - right_margin;
  drawing.add(Label{{left_, title_height / 2}, title, title_size, Label::From::start, Ink::text, true});
  top_ = draw_legend(drawing, legend, title_height) + 20;
  height_ = drawing.height - top_ - bottom_margin;
  draw_ticks(drawing);
}

// Gives where it ends.
double Axes::draw_legend(Drawing& drawing, const std::vector<LegendEntry>& legend, double top) const {
  double x = 0, y = top;
  for (const LegendEntry& entry : legend) {
    if (x > 0 && x + entry_width(entry) > width_ + legend_gap) {
      x = 0;
      y += legend_line;
    }
    const double middle = y + legend_line / 2, from = left_ + x;
    drawing.add(Stroke{{{from, middle}, {from + legend_mark, middle}}, entry.ink, 3, entry.dashed});
    drawing.add(Label{{from + legend_mark + 6, middle}, entry.name, name_size});
    x += entry_width(entry);
  }
  return legend.empty() ? top : y + legend_line;
}

void Axes::draw_ticks(Drawing& drawing) const {
  const double bottom = top_ + height_;
  for (const double tick : y_.ticks) {
    drawing.add(Stroke{{{left_, y(tick)}, {left_ + width_, y(tick)}}, Ink::grid});
    drawing.add(
        Label{{left_ - 8, y(tick)}, value_text(tick, y_.unit), tick_size, Label::From::end, Ink::muted});
  }
  drawing.add(Stroke{{{left_, bottom}, {left_ + width_, bottom}}, Ink::muted});
  for (const double tick : x_.ticks) {
    std::string text = x_.powers_of_ten ? printed("%g", std::pow(10, tick)) : value_text(tick, x_.unit);
    if (tick == 0 && !x_.zero.empty()) text = x_.zero;
    drawing.add(Label{{x(tick), bottom + 14}, text, tick_size, Label::From::middle, Ink::muted});
  }
  drawing.add(Label{{left_ + width_ / 2, bottom + 32}, x_.name, name_size, Label::From::middle, Ink::muted});
  if (y_.name.empty()) return;
  drawing.add(
      Label{{12, top_ + height_ / 2}, y_.name, name_size, Label::From::middle, Ink::muted, false, -90});
}

}  // namespace graft
