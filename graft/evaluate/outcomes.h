// Logits → what came of each sample.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "graft/evaluate/metrics.h"

namespace graft {

// Appends one Outcome a row. logits: N×classes on any device, which is waited for once.
void add_outcomes(const torch::Tensor& logits, const std::vector<std::uint32_t>& indices,
                  const std::vector<std::int64_t>& labels, std::vector<Outcome>& outcomes);

}  // namespace graft
