// The charts of a run.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "graft/metrics/calibration.h"
#include "graft/metrics/class_figures.h"
#include "graft/report/drawing.h"
#include "graft/run/history.h"
#include "graft/run/lr_search.h"

namespace graft {

Drawing draw_losses(const std::vector<EpochRecord>& history);
Drawing draw_accuracies(const std::vector<EpochRecord>& history);
Drawing draw_learning_rates(const std::vector<EpochRecord>& history);
// Where the time went. A bar an epoch: training, validation, and what is left; one piece where the run did
// not record the phases.
Drawing draw_times(const std::vector<EpochRecord>& history);
// All of them on one page: curves.png.
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

// The losses as dots, their average as a line, the suggestion marked, steps that were not judged on a grey
// ground. The axis ends one and a half times above the first loss: an explosion at the end would flatten the
// rest. Losses above it, and those that are no numbers, are arrows at its upper edge. draw_lr_search paints
// it.
Drawing lr_search_chart(const std::vector<LrPoint>& points, const LrSuggestion& suggestion);

}  // namespace graft
