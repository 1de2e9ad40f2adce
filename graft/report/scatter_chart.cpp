#include "graft/report/charts.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>

#include "graft/metrics/number_text.h"
#include "graft/report/axes.h"
#include "graft/report/palette.h"

namespace graft {
namespace {

constexpr double plot_side = 460;
constexpr std::size_t grid_side = 64;    // cells per side of the grid that thins points
constexpr double largest_drawn = 1e300;  // above it a difference of two numbers may overflow

bool is_drawn(const ScatterPoint& point) {
  return std::abs(point.truth) < largest_drawn && std::abs(point.predicted) < largest_drawn;  // false for NaN
}

struct Range {
  double low = 0, high = 0;

  // 0 to grid_side − 1.
  std::size_t cell(double value) const {
    if (high <= low) return 0;
    const double place = (value - low) / (high - low) * static_cast<double>(grid_side);
    return std::min(static_cast<std::size_t>(place), grid_side - 1);
  }
};

Range range_of(const std::vector<ScatterPoint>& points) {
  Range range{points.front().truth, points.front().truth};
  for (const ScatterPoint& point : points) {
    range.low = std::min({range.low, point.truth, point.predicted});
    range.high = std::max({range.high, point.truth, point.predicted});
  }
  return range;
}

std::vector<std::size_t> cells_of(const std::vector<ScatterPoint>& points) {
  const Range range = range_of(points);
  std::vector<std::size_t> cells;
  for (const ScatterPoint& point : points)
    cells.push_back(range.cell(point.truth) * grid_side + range.cell(point.predicted));
  return cells;
}

// The number of points that each cell may keep if there are too many points.
std::size_t cell_limit(const std::vector<std::size_t>& counts) {
  static_assert(grid_side * grid_side <= max_scatter_points, "one point per cell can be shown");
  for (std::size_t limit = 2;; ++limit) {
    std::size_t kept = 0;
    for (const std::size_t count : counts) kept += std::min(count, limit);
    if (kept > max_scatter_points) return limit - 1;
  }
}

Axis number_axis(const std::vector<ScatterPoint>& points, const char* name) {
  std::vector<double> values;
  for (const ScatterPoint& point : points) values.insert(values.end(), {point.truth, point.predicted});
  Axis axis = axis_of(values, 8, Unit::plain);
  axis.name = name;
  return axis;
}

std::string scatter_title(const std::vector<ScatterPoint>& shown, std::size_t all) {
  const std::string title = "Predicted and true numbers";
  if (shown.size() == all) return title;
  return title + " (" + std::to_string(shown.size()) + " of " + std::to_string(all) + " pictures)";
}

}  // namespace

std::vector<ScatterPoint> shown_points(const std::vector<ScatterPoint>& points) {
  std::vector<ScatterPoint> drawn;
  std::copy_if(points.begin(), points.end(), std::back_inserter(drawn), is_drawn);
  if (drawn.size() <= max_scatter_points) return drawn;
  const std::vector<std::size_t> cells = cells_of(drawn);
  std::vector<std::size_t> counts(grid_side * grid_side, 0);
  for (const std::size_t cell : cells) ++counts[cell];
  const std::size_t limit = cell_limit(counts);
  std::fill(counts.begin(), counts.end(), 0);
  std::vector<ScatterPoint> kept;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    if (counts[cells[i]]++ < limit) kept.push_back(std::move(drawn[i]));
  }
  return kept;
}

Drawing draw_scatter(const std::vector<ScatterPoint>& points, double spread) {
  const std::vector<ScatterPoint> shown = shown_points(points);
  const std::string title = scatter_title(shown, points.size());
  const std::vector<LegendEntry> legend = {{"a picture", validation_ink(), false, LegendEntry::Mark::dot},
                                           {"exact", Ink::text, true}};
  const Axis x = number_axis(shown, "true"), y = number_axis(shown, "predicted");
  Drawing drawing{plot_side, plot_side, title, {}};
  {
    Drawing trial = drawing;
    const Axes axes(trial, title, legend, x, y);
    drawing.height += axes.width() - axes.height();  // one unit has the same length on both axes
  }
  const Axes axes(drawing, title, legend, x, y);
  const bool few = shown.size() <= 500;
  for (const ScatterPoint& point : shown) {
    drawing.add(Dot{{axes.x(point.truth), axes.y(point.predicted)},
                    few ? 3.0 : 2.0,
                    validation_ink(),
                    few ? 0.7 : 0.45,
                    point.name + "\ntrue " + number_text(point.truth, spread) + "\npredicted " +
                        number_text(point.predicted, spread)});
  }
  // Drawn over the dots, which may be dense.
  drawing.add(
      Stroke{{{axes.x(x.low), axes.y(y.low)}, {axes.x(x.high), axes.y(y.high)}}, Ink::text, 1.5, true});
  return drawing;
}

}  // namespace graft
