// The charts of a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "graft/metrics/calibration.h"
#include "graft/metrics/outcomes.h"
#include "graft/report/drawing.h"
#include "graft/run/lr_search.h"
#include "graft/run/run.h"

namespace graft {

// A chart and the name of its picture file.
struct ChartFile {
  std::string name;
  Drawing drawing;
};

Drawing draw_losses(const std::vector<EpochRecord>& history);
// The headline metrics: shares in one chart, each other metric in its own chart. Empty if the history has
// none.
std::vector<Drawing> draw_metrics(const std::vector<EpochRecord>& history);
Drawing draw_learning_rates(const std::vector<EpochRecord>& history);
// Time per epoch. One bar per epoch: training, validation, and the rest; one piece if the run did not record
// the phases.
Drawing draw_times(const std::vector<EpochRecord>& history);
// All of them on one page in two columns: curves.png.
Drawing draw_curves(const std::vector<EpochRecord>& history);

enum class CellText { counts, shares };

// The maximum number of classes in a chart. Other classes are omitted from rows and columns.
inline constexpr std::size_t max_shown_classes = 100;
// The indices of the shown classes, in order: those with the most mistakes, counting both their own pictures
// and wrong predictions of them.
std::vector<std::size_t> shown_classes(const Confusion& confusion);

// A confusion matrix: truth in rows, predictions in columns, each row shaded by its shares. `classes` are the
// names of the rows. Each cell shows its number if there is room, and always in its hint.
Drawing draw_confusion(const Confusion& confusion, const std::vector<std::string>& classes, CellText text);

// A reliability diagram: the accuracy of predictions by their probability. One bar per bin, and the diagonal
// of a perfectly calibrated model; the title has the expected calibration error. The number of pictures is
// above each bar; bars of fewer than few_in_bin are pale.
inline constexpr std::int64_t few_in_bin = 5;
Drawing draw_reliability(const std::vector<CalibrationBin>& bins);

// A predicted number.
struct ScatterPoint {
  double truth = 0, predicted = 0;
  std::string name;  // of the picture
};

inline constexpr std::size_t max_scatter_points = 5000;
// The points of a chart, in their order: all finite ones, or, if there are too many, the first few in each
// cell of a grid, with the largest limit per cell that keeps at most max_scatter_points. This thins dense
// regions and keeps isolated points.
std::vector<ScatterPoint> shown_points(const std::vector<ScatterPoint>& points);

// Predicted against true numbers, on equal axes, with the diagonal of exact predictions. The title has the
// number of shown points if some are omitted. The hint of each point has its name and numbers.
// `spread`: of the true numbers, for number_text().
Drawing draw_scatter(const std::vector<ScatterPoint>& points, double spread = 0);

// A picture on a map, where similar pictures are near each other.
struct LabelledPoint {
  double x = 0, y = 0;
  std::string label, name;  // of the picture
  bool suspect = false;     // its label is probably wrong
};
// The most frequent labels have a colour each, at most seven, in the order of `classes`, other labels after
// them; the rest is grey. Suspects have a ring.
Drawing draw_feature_map(const std::vector<LabelledPoint>& points,
                         const std::vector<std::string>& classes = {});

// The losses as dots, their average as a line, the suggestion marked, ignored steps on a grey background. The
// axis ends at one and a half times the first loss, because an explosion at the end would flatten the rest.
// Losses above it and those that are not finite are arrows at its upper edge. draw_lr_search() paints it.
Drawing lr_search_chart(const std::vector<LrPoint>& points, const LrSuggestion& suggestion);

}  // namespace graft
