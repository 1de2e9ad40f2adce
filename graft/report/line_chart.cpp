#include "graft/report/line_chart.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace graft {
namespace {

constexpr std::size_t most_dots = 40;  // more points are a line alone

// The values of all curves, in their order, by epoch.
using Epochs = std::map<int, std::string>;

Epochs hints_of(const LineChart& chart) {
  Epochs epochs;
  for (const Curve& curve : chart.curves) {
    for (const CurvePoint& point : curve.points) {
      std::string& hint = epochs[point.epoch];
      if (hint.empty()) hint = "epoch " + std::to_string(point.epoch);
      hint += "\n" + curve.name + " " + value_text(point.value, chart.unit);
    }
  }
  return epochs;
}

Axis value_axis(const LineChart& chart) {
  std::vector<double> values;
  for (const Curve& curve : chart.curves) {
    for (const CurvePoint& point : curve.points) values.push_back(point.value);
  }
  const bool none = std::none_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
  // Losses and times are seen against zero, unless that would flatten them.
  if (!none && chart.unit != Unit::share) {
    double low = INFINITY, high = 0;
    for (const double v : values) {
      if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
    }
    if (low >= 0 && (low < 0.6 * high || low == high)) values.push_back(0);
  }
  return axis_of(values, 5, chart.unit);
}

void draw_curve(Drawing& drawing, const Axes& axes, const Curve& curve, const InkChoice& ink) {
  Stroke part{{}, ink, 2, curve.dashed};
  const auto finish = [&] {
    if (part.points.size() > 1) drawing.add(part);
    part.points.clear();
  };
  for (const CurvePoint& point : curve.points) {
    if (!std::isfinite(point.value)) {
      finish();
      continue;
    }
    part.points.push_back({axes.x(point.epoch), axes.y(point.value)});
    if (curve.points.size() <= most_dots) drawing.add(Dot{part.points.back(), 3, ink});
  }
  finish();
}

// An invisible band about each epoch, reaching half-way to its neighbours.
void draw_bands(Drawing& drawing, const Axes& axes, const Epochs& epochs) {
  const double left_end = axes.left(), right_end = axes.left() + axes.width();
  for (auto here = epochs.begin(); here != epochs.end(); ++here) {
    const double x = axes.x(here->first);
    const auto after = std::next(here);
    const double left = here == epochs.begin() ? left_end : (axes.x(std::prev(here)->first) + x) / 2;
    const double right = after == epochs.end() ? right_end : (axes.x(after->first) + x) / 2;
    drawing.add(
        Bar{left, axes.top(), std::max(0.5, right - left), axes.height(), Ink::none, 1, here->second});
  }
}

}  // namespace

Drawing draw_lines(const LineChart& chart) {
  const Epochs epochs = hints_of(chart);
  std::vector<LegendEntry> legend;
  for (std::size_t i = 0; i < chart.curves.size(); ++i) {
    legend.push_back({fit_text(chart.curves[i].name, 12, chart.width * 0.7), InkChoice::series(i),
                      chart.curves[i].dashed});
  }
  if (legend.size() == 1) legend.clear();  // the title says it
  Drawing drawing{chart.width,
                  chart.height + std::max(0.0, legend_height(legend, chart.width) - 20),
                  chart.title + " by epoch",
                  {}};
  const Axis x =
      epochs.empty() ? epoch_axis(0, 1) : epoch_axis(epochs.begin()->first, epochs.rbegin()->first);
  const Axes axes(drawing, chart.title, legend, x, value_axis(chart));
  for (std::size_t i = 0; i < chart.curves.size(); ++i) {
    draw_curve(drawing, axes, chart.curves[i], InkChoice::series(i));
  }
  draw_bands(drawing, axes, epochs);
  return drawing;
}

}  // namespace graft
