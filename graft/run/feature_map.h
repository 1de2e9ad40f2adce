// feature_map.csv: pictures of predictions_val.csv as points, so that similar pictures are near each other:
// the first two principal components of the features of the run's network. A row: path, x, y.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace graft {

struct MapPoint {
  std::string path;  // of its PredictionRow
  double x = 0, y = 0;
};

void write_feature_map(const std::filesystem::path& path, const std::vector<MapPoint>& points);
// Throws Error, which names the line, if a line cannot be read.
std::vector<MapPoint> read_feature_map(const std::filesystem::path& path);

}  // namespace graft
