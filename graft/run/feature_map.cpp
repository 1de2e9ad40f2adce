#include "graft/run/feature_map.h"

#include "graft/core/csv.h"
#include "graft/core/files.h"

namespace graft {
namespace {

const std::vector<std::string> feature_map_header = {"path", "x", "y"};

}  // namespace

void write_feature_map(const std::filesystem::path& path, const std::vector<MapPoint>& points) {
  std::string text = csv_line(feature_map_header);
  for (const MapPoint& point : points)
    text += csv_line({point.path, csv_number(point.x), csv_number(point.y)});
  replace_file(path, text);
}

std::vector<MapPoint> read_feature_map(const std::filesystem::path& path) {
  std::vector<MapPoint> points;
  read_csv_rows(
      path, feature_map_header, [&](const std::vector<std::string>& fields, const std::string& where) {
        points.push_back({fields[0], csv_value(fields[1], "x", where), csv_value(fields[2], "y", where)});
      });
  return points;
}

}  // namespace graft
