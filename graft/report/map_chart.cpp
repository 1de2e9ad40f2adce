#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>

#include "graft/core/text.h"
#include "graft/report/axes.h"
#include "graft/report/charts.h"

namespace graft {
namespace {

constexpr double map_width = 640, map_height = 520;
constexpr std::size_t max_coloured = 7;

// The labels that have a colour: the most frequent, equally frequent ones by name; in the order of the
// classes.
std::vector<std::string> coloured_labels(const std::vector<LabelledPoint>& points,
                                         const std::vector<std::string>& classes) {
  std::map<std::string, std::size_t> counts;
  for (const LabelledPoint& point : points) ++counts[point.label];
  std::vector<std::string> labels;
  for (const auto& [label, count] : counts) labels.push_back(label);
  std::stable_sort(labels.begin(), labels.end(),
                   [&](const std::string& a, const std::string& b) { return counts[a] > counts[b]; });
  if (labels.size() > max_coloured) labels.resize(max_coloured);
  const auto place_of = [&](const std::string& label) {
    return std::find(classes.begin(), classes.end(), label) - classes.begin();
  };
  std::stable_sort(labels.begin(), labels.end(),
                   [&](const std::string& a, const std::string& b) { return place_of(a) < place_of(b); });
  return labels;
}

InkChoice ink_of_label(const std::vector<std::string>& coloured, const std::string& label) {
  const auto found = std::find(coloured.begin(), coloured.end(), label);
  return found == coloured.end() ? InkChoice(Ink::muted)
                                 : InkChoice::series(static_cast<std::size_t>(found - coloured.begin()));
}

std::vector<LegendEntry> map_legend(const std::vector<LabelledPoint>& points,
                                    const std::vector<std::string>& coloured) {
  std::vector<LegendEntry> legend;
  for (const std::string& label : coloured)
    legend.push_back({label.empty() ? "no class" : shorten(label, 30), ink_of_label(coloured, label), false,
                      LegendEntry::Mark::dot});
  const auto is_other = [&](const LabelledPoint& point) {
    return std::find(coloured.begin(), coloured.end(), point.label) == coloured.end();
  };
  if (std::any_of(points.begin(), points.end(), is_other))
    legend.push_back({"other labels", Ink::muted, false, LegendEntry::Mark::dot});
  if (std::any_of(points.begin(), points.end(), [](const LabelledPoint& point) { return point.suspect; }))
    legend.push_back({"label probably wrong", Ink::text, false, LegendEntry::Mark::ring});
  return legend;
}

Axis component_axis(const std::vector<LabelledPoint>& points, double LabelledPoint::*coordinate,
                    const char* name) {
  std::vector<double> values;
  for (const LabelledPoint& point : points) values.push_back(point.*coordinate);
  Axis axis = axis_of(values, 6, Unit::plain);
  axis.name = name;
  return axis;
}

}  // namespace

Drawing draw_feature_map(const std::vector<LabelledPoint>& points, const std::vector<std::string>& classes) {
  const std::string title = "Pictures by their features";
  const std::vector<std::string> coloured = coloured_labels(points, classes);
  Drawing drawing{map_width, map_height, title, {}};
  const Axes axes(drawing, title, map_legend(points, coloured),
                  component_axis(points, &LabelledPoint::x, "first principal component"),
                  component_axis(points, &LabelledPoint::y, "second principal component"));
  for (const LabelledPoint& point : points) {
    const Point at{axes.x(point.x), axes.y(point.y)};
    drawing.add(Dot{at, 3.5, ink_of_label(coloured, point.label), 0.75, point.name + "\n" + point.label});
    if (point.suspect) drawing.add(ring_around(at, 7));
  }
  return drawing;
}

}  // namespace graft
