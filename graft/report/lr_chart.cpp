#include "graft/report/charts.h"
#include "graft/report/report.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "graft/report/axes.h"
#include "graft/report/drawing.h"

namespace graft {
namespace {

constexpr double width = 620, height = 380;
constexpr double room_above = 1.5;
constexpr double dot_radius = 2, unjudged_opacity = 0.45;

// In powers of ten.
double place(double lr) { return std::log10(lr); }

Axis rate_axis(double first, double last) {
  Axis axis{place(first), place(last), {}, Unit::plain, "learning rate"};
  if (axis.high <= axis.low) axis.high = axis.low + 1;
  axis.powers_of_ten = true;
  for (double power = std::ceil(axis.low - 1e-9); power <= axis.high + 1e-9; ++power)
    axis.ticks.push_back(power);
  return axis;
}

// Up to a multiple of the first loss, and to the curve that the suggestion comes from.
Axis loss_axis(const std::vector<LrPoint>& points, const LrSuggestion& suggestion) {
  std::vector<double> values;
  double most = points.empty() ? 1 : room_above * points.front().smoothed;
  for (std::size_t i = suggestion.first_judged; i < std::min(suggestion.end_judged, points.size()); ++i) {
    if (std::isfinite(points[i].smoothed)) most = std::max(most, points[i].smoothed);
  }
  for (const LrPoint& point : points) {
    for (const double loss : {point.loss, point.smoothed}) {
      if (std::isfinite(loss)) values.push_back(std::min(loss, most));
    }
  }
  Axis axis = axis_of(values, 5, Unit::plain);
  axis.name = "loss";
  return axis;
}

class Plot {
 public:
  Plot(Drawing& drawing, const Axes& axes, double highest, const std::vector<LrPoint>& points)
      : drawing_(drawing), axes_(axes), highest_(highest), points_(points) {}

  // The background of the steps before `first` and from `end` on.
  void draw_unjudged(std::size_t first, std::size_t end) {
    const auto between = [&](std::size_t step) { return (x(points_[step - 1]) + x(points_[step])) / 2; };
    if (first > 0) draw_ground(axes_.left(), between(first));
    if (end < points_.size()) draw_ground(between(end), axes_.left() + axes_.width());
  }

  void draw_losses() {
    for (const LrPoint& point : points_) {
      if (point.loss <= highest_) {
        drawing_.add(Dot{{x(point), axes_.y(point.loss)}, dot_radius, Ink::muted});
      } else {  // or is not finite
        drawing_.add(upward_arrow({x(point), axes_.top()}, Ink::muted));
      }
    }
  }

  // Clipped to the plot.
  void draw_smoothed() {
    Stroke line{{}, InkChoice::series(0), 2};
    for (std::size_t i = 0; i < points_.size() && std::isfinite(points_[i].smoothed); ++i) {
      if (i > 0 && is_above(i) != is_above(i - 1))
        line.points.push_back(crossing(points_[i - 1], points_[i]));
      if (!is_above(i)) {
        line.points.push_back({x(points_[i]), axes_.y(points_[i].smoothed)});
        continue;
      }
      if (line.points.size() > 1) drawing_.add(line);
      line.points.clear();
    }
    if (line.points.size() > 1) drawing_.add(line);
  }

 private:
  double x(const LrPoint& point) const { return axes_.x(place(point.lr)); }
  bool is_above(std::size_t step) const { return points_[step].smoothed > highest_; }

  // The point of the line between them at the axis' highest value.
  Point crossing(const LrPoint& a, const LrPoint& b) const {
    const double part = (highest_ - a.smoothed) / (b.smoothed - a.smoothed);
    return {x(a) + part * (x(b) - x(a)), axes_.y(highest_)};
  }

  void draw_ground(double left, double right) {
    drawing_.add(Bar{left, axes_.top(), right - left, axes_.height(), Ink::grid, unjudged_opacity, ""});
  }

  Drawing& drawing_;
  const Axes& axes_;
  double highest_;
  const std::vector<LrPoint>& points_;
};

}  // namespace

Drawing lr_search_chart(const std::vector<LrPoint>& points, const LrSuggestion& suggestion) {
  using Mark = LegendEntry::Mark;
  const Axis x = points.empty() ? rate_axis(1e-7, 10) : rate_axis(points.front().lr, points.back().lr);
  const Axis y = loss_axis(points, suggestion);
  const bool judged = suggestion.end_judged > 0 && suggestion.end_judged <= points.size();
  std::vector<LegendEntry> legend = {
      {"loss of a step", Ink::muted, false, Mark::dot},
      {"smoothed", InkChoice::series(0)},
      {"suggested: " + value_text(suggestion.valley, Unit::plain), InkChoice::series(1), true}};
  if (std::any_of(points.begin(), points.end(), [&](const LrPoint& p) { return !(p.loss <= y.high); }))
    legend.push_back({"above the axis", Ink::muted, false, Mark::arrow});
  if (judged)
    legend.push_back(
        {"ignored: the first tenth, the last " + std::to_string(steps_left_out_at_end) + " steps", Ink::grid,
         false, Mark::area});
  Drawing drawing{width,
                  height + legend_height(legend, width) - legend_height({legend[0]}, width),
                  "loss by learning rate",
                  {}};
  const Axes axes(drawing, "Loss by learning rate", legend, x, y);
  Plot plot(drawing, axes, y.high, points);
  if (judged) plot.draw_unjudged(suggestion.first_judged, suggestion.end_judged);
  plot.draw_losses();
  plot.draw_smoothed();
  const double at = axes.x(place(suggestion.valley));
  drawing.add(Stroke{{{at, axes.top()}, {at, axes.top() + axes.height()}}, InkChoice::series(1), 2, true});
  return drawing;
}

Image draw_lr_search(const std::vector<LrPoint>& points, const LrSuggestion& suggestion) {
  return paint(lr_search_chart(points, suggestion));
}

}  // namespace graft
