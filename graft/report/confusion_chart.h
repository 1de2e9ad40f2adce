// A confusion matrix: truth in rows, predictions in columns, each row shaded by its shares.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "graft/metrics/class_figures.h"
#include "graft/report/drawing.h"

namespace graft {

enum class CellText { counts, shares };

// What a chart can show of many classes. The others are left out of rows and columns alike.
inline constexpr std::size_t most_shown_classes = 100;
// Their indices, in order: those with the most mistakes, their own and those that others are taken for them.
std::vector<std::size_t> shown_classes(const Confusion& confusion);

// `classes` are the names of the rows. Each cell has its number where there is room, and tells it to the
// pointer in any case.
Drawing draw_confusion(const Confusion& confusion, const std::vector<std::string>& classes, CellText text);

}  // namespace graft
