// The map of a run's held-out pictures.
#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <unordered_map>

#include "graft/core/error.h"
#include "graft/report/charts.h"
#include "graft/report/html.h"
#include "graft/report/html_page.h"
#include "graft/report/page_template.h"
#include "graft/report/suspect_rows.h"

namespace graft {
namespace {

// Of a run whose labels cannot be judged none; the section of wrong labels has the reason.
std::set<std::size_t> rows_of_suspects(const RunData& run) {
  std::set<std::size_t> rows;
  try {
    for (const Suspect& suspect : suspect_rows(run)) rows.insert(suspect.row);
  } catch (const Error&) {
  }
  return rows;
}

std::vector<LabelledPoint> labelled_points(const RunData& run) {
  std::unordered_map<std::string, std::size_t> rows;
  for (std::size_t i = 0; i < run.val->rows.size(); ++i) rows.emplace(run.val->rows[i].path, i);
  const std::set<std::size_t> suspects = rows_of_suspects(run);
  std::vector<LabelledPoint> points;
  for (const MapPoint& point : run.map) {
    const auto row = rows.find(point.path);
    if (row == rows.end() || !std::isfinite(point.x) || !std::isfinite(point.y)) continue;
    points.push_back(
        {point.x, point.y, run.val->rows[row->second].label, point.path, suspects.contains(row->second)});
  }
  return points;
}

}  // namespace

std::string map_section(const RunData& run) {
  if (!run.val || run.map.empty()) return "";
  const std::vector<LabelledPoint> points = labelled_points(run);
  if (points.empty()) return "";
  return fill_block(report_blocks, "map",
                    {{"chart", Markup{svg(draw_feature_map(points, run.config.classes))}},
                     {"count", std::to_string(points.size())},
                     {"all", std::to_string(run.val->rows.size())}});
}

}  // namespace graft
