// Where the time of a training went.
#pragma once

#include <vector>

#include "graft/report/drawing.h"
#include "graft/run/history.h"

namespace graft {

// A bar an epoch: training, validation, and what is left; one piece where the run did not record the phases.
Drawing draw_times(const std::vector<EpochRecord>& history);

}  // namespace graft
