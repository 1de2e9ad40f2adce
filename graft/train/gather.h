// What the ranks found on their parts of a pass, as one process would have found it on all.
#pragma once

#include <vector>

#include "graft/infer/evaluate.h"
#include "graft/train/gradient_sync.h"

namespace graft {

// In the order of the ranks.
std::vector<BadImage> gather(const std::vector<BadImage>& own, GradientSync& sync);

// Outcomes, with their rows of the label table, in the order of their samples. The time is the rank's own.
Evaluation gather(Evaluation own, GradientSync& sync);

}  // namespace graft
