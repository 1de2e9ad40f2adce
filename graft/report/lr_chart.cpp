#include "graft/report/lr_chart.h"

#include <algorithm>
#include <cmath>

#include "graft/report/axes.h"
#include "graft/report/canvas.h"

namespace graft {
namespace {

constexpr double width = 620, height = 380;
constexpr double room_above = 1.5;  // what lies this much above the first loss is out of sight

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

// The part of the losses that tells something: an explosion at the end would flatten the rest.
Axis loss_axis(const std::vector<LrPoint>& points) {
  std::vector<double> values;
  const double most = points.empty() ? 1 : room_above * points.front().smoothed;
  for (const LrPoint& point : points) {
    if (std::isfinite(point.smoothed)) values.push_back(std::min(point.smoothed, most));
  }
  Axis axis = axis_of(values, 5, Unit::plain);
  axis.name = "loss";
  return axis;
}

void draw_points(Drawing& drawing, const Axes& axes, const std::vector<LrPoint>& points, double highest) {
  Stroke line{{}, InkChoice::series(0), 2};
  for (const LrPoint& point : points) {
    if (std::isfinite(point.smoothed) && point.smoothed <= highest)
      line.points.push_back({axes.x(place(point.lr)), axes.y(point.smoothed)});
    const bool seen = std::isfinite(point.loss) && point.loss <= highest &&
                      axes.y(point.loss) <= axes.top() + axes.height();
    if (seen) drawing.add(Dot{{axes.x(place(point.lr)), axes.y(point.loss)}, 2, Ink::muted});
  }
  if (line.points.size() > 1) drawing.add(line);
}

}  // namespace

Image draw_lr_search(const std::vector<LrPoint>& points, const LrSuggestion& suggestion) {
  Drawing drawing{width, height, "loss by learning rate", {}};
  const Axis x = points.empty() ? rate_axis(1e-7, 10) : rate_axis(points.front().lr, points.back().lr);
  const Axis y = loss_axis(points);
  const Axes axes(drawing, "Loss by learning rate",
                  {{"loss, smoothed", InkChoice::series(0)},
                   {"suggested: " + value_text(suggestion.valley, Unit::plain), InkChoice::series(1), true}},
                  x, y);
  draw_points(drawing, axes, points, y.high);
  const double at = axes.x(place(suggestion.valley));
  drawing.add(Stroke{{{at, axes.top()}, {at, axes.top() + axes.height()}}, InkChoice::series(1), 2, true});
  return paint(drawing);
}

}  // namespace graft
