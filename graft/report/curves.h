// The curves of a training, as charts.
#pragma once

#include <vector>

#include "graft/report/drawing.h"
#include "graft/run/history.h"

namespace graft {

Drawing draw_losses(const std::vector<EpochRecord>& history);
Drawing draw_accuracies(const std::vector<EpochRecord>& history);
Drawing draw_learning_rates(const std::vector<EpochRecord>& history);

// All of them and where the time went, on one page: curves.png.
Drawing draw_curves(const std::vector<EpochRecord>& history);

}  // namespace graft
