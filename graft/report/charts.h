// The charts of a run.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "graft/metrics/calibration.h"
#include "graft/metrics/outcomes.h"
#include "graft/report/drawing.h"
#include "graft/run/history.h"
#include "graft/run/lr_search.h"

namespace graft {

// A chart that is written as a picture.
struct ChartFile {
  std::string name;
  Drawing drawing;
};

Drawing draw_losses(const std::vector<EpochRecord>& history);
// The headline metrics: those that are shares in one chart, any other in one of its own. None where the
// history has none.
std::vector<Drawing> draw_metrics(const std::vector<EpochRecord>& history);
Drawing draw_learning_rates(const std::vector<EpochRecord>& history);
// Where the time went. A bar an epoch: training, validation, and what is left; one piece where the run did
// not record the phases.
Drawing draw_times(const std::vector<EpochRecord>& history);
// All of them on one page, two beside each other: curves.png.
Drawing draw_curves(const std::vector<EpochRecord>& history);

enum class CellText { counts, shares };

// What a chart can show of many classes. The others are left out of rows and columns alike.
inline constexpr std::size_t max_shown_classes = 100;
// Their indices, in order: those with the most mistakes, their own and those that others are taken for them.
std::vector<std::size_t> shown_classes(const Confusion& confusion);

// A confusion matrix: truth in rows, predictions in columns, each row shaded by its shares. `classes` are the
// names of the rows. Each cell has its number where there is room, and tells it to the pointer in any case.
Drawing draw_confusion(const Confusion& confusion, const std::vector<std::string>& classes, CellText text);

// A reliability diagram: how often predictions of a probability are right. A bar a bin, against the diagonal
// of a model that is right as often as it says; the title has the expected calibration error.
Drawing draw_reliability(const std::vector<CalibrationBin>& bins);

// A prediction of a number.
struct ScatterPoint {
  double truth = 0, predicted = 0;
  std::string name;  // of the picture
};

inline constexpr std::size_t max_scatter_points = 5000;
// What a chart shows of the points, in their order: those that are finite, or, where these are too many, the
// first few in each cell of a grid over them, with one limit for all cells, the largest that leaves no more
// than max_scatter_points: dense places are thinned, and what lies alone stays.
std::vector<ScatterPoint> shown_points(const std::vector<ScatterPoint>& points);

// Predicted against true numbers, on equal axes, with the diagonal on which a prediction is exact. The title
// says how many of the points are shown where that is not all. Each tells its name and numbers to the
// pointer.
Drawing draw_scatter(const std::vector<ScatterPoint>& points);

// The losses as dots, their average as a line, the suggestion marked, steps that were not judged on a grey
// ground. The axis ends one and a half times above the first loss: an explosion at the end would flatten the
// rest. Losses above it, and those that are no numbers, are arrows at its upper edge. draw_lr_search paints
// it.
Drawing lr_search_chart(const std::vector<LrPoint>& points, const LrSuggestion& suggestion);

}  // namespace graft
