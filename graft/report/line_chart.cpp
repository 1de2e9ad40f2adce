#include "graft/report/line_chart.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace graft {
namespace {

constexpr std::size_t max_dots = 40;  // with more points only the line is drawn
constexpr double best_radius = 5.5, half_mark = 8;

// The values of all curves, in their order, by epoch; a probe's at 0.
using Epochs = std::map<int, std::string>;

Epochs hints_of(const LineChart& chart) {
  Epochs epochs;
  const auto add = [&](const Curve& curve, int epoch, double value) {
    std::string& hint = epochs[epoch];
    if (hint.empty()) {
      hint = curve.probe && epoch == 0 ? "probe" : "epoch " + std::to_string(epoch);
      if (chart.best == epoch) hint += " (best)";
    }
    hint += "\n" + curve.name + " " + value_text(value, chart.unit);
  };
  for (const Curve& curve : chart.curves) {
    if (curve.probe) add(curve, 0, *curve.probe);
    for (const CurvePoint& point : curve.points) add(curve, point.epoch, point.value);
  }
  return epochs;
}

bool has_probe(const LineChart& chart) {
  return std::any_of(chart.curves.begin(), chart.curves.end(),
                     [](const Curve& curve) { return curve.probe.has_value(); });
}

Axis value_axis(const LineChart& chart) {
  std::vector<double> values;
  for (const Curve& curve : chart.curves) {
    if (curve.probe) values.push_back(*curve.probe);
    for (const CurvePoint& point : curve.points) values.push_back(point.value);
  }
  const bool none = std::none_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
  // The axis of losses and times starts at zero, unless that would flatten them.
  if (!none && chart.unit != Unit::share) {
    double low = INFINITY, high = 0;
    for (const double v : values) {
      if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
    }
    if (low >= 0 && (low < 0.6 * high || low == high)) values.push_back(0);
  }
  return axis_of(values, 5, chart.unit);
}

Axis x_axis(const LineChart& chart, const Epochs& epochs) {
  if (epochs.empty()) return epoch_axis(1, 2);
  const int first = epochs.begin()->first, last = epochs.rbegin()->first;
  return has_probe(chart) ? epoch_axis_after_probe(last) : epoch_axis(first, last);
}

void draw_curve(Drawing& drawing, const Axes& axes, const Curve& curve) {
  Stroke part{{}, curve.ink, 2, curve.dashed};
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
    const bool best = curve.best == point.epoch;
    if (best || curve.points.size() <= max_dots)
      drawing.add(Dot{part.points.back(), best ? best_radius : 3, curve.ink});
  }
  finish();
  if (!curve.probe || !std::isfinite(*curve.probe)) return;
  const Point at{axes.x(0), axes.y(*curve.probe)};
  drawing.add(Stroke{{{at.x - half_mark, at.y}, {at.x + half_mark, at.y}}, curve.ink, 3});
  if (curve.best == 0) drawing.add(Dot{at, best_radius, curve.ink});
}

void draw_best(Drawing& drawing, const Axes& axes, int epoch) {
  const double x = axes.x(epoch);
  drawing.add(Stroke{{{x, axes.top()}, {x, axes.top() + axes.height()}}, Ink::muted, 1, true});
  drawing.add(Label{{x, axes.top() - 8}, "best", 11, Label::From::middle, Ink::muted});
}

// An invisible band around each epoch, half-way to its neighbours.
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
  for (const Curve& curve : chart.curves)
    legend.push_back({fit_text(curve.name, 12, chart.width * 0.55), curve.ink, curve.dashed});
  if (legend.size() == 1) legend.clear();  // the title names the only curve
  Drawing drawing{chart.width,
                  chart.height + std::max(0.0, legend_height(legend, chart.width) - 20),
                  chart.title + " by epoch",
                  {}};
  const Axes axes(drawing, chart.title, legend, x_axis(chart, epochs), value_axis(chart));
  if (chart.best && epochs.contains(*chart.best)) draw_best(drawing, axes, *chart.best);
  for (const Curve& curve : chart.curves) draw_curve(drawing, axes, curve);
  draw_bands(drawing, axes, epochs);
  return drawing;
}

}  // namespace graft
