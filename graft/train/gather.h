// Combines the ranks' results on their parts of a pass into the result of a single process.
#pragma once

#include <vector>

#include "graft/infer/evaluate.h"
#include "graft/train/own_parts.h"

namespace graft {

// Concatenated in the order of the ranks.
std::vector<BadImage> gather(const std::vector<BadImage>& own, GradientSync& sync);

// Outcomes, with their rows of the label table, in the order of their samples. The time is that of this rank.
Evaluation gather(Evaluation own, GradientSync& sync);

}  // namespace graft
