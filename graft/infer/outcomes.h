// Logits → what came of each sample.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "graft/data/folder.h"
#include "graft/infer/evaluate.h"

namespace graft {

// What each label asks of the outputs of multi-label data: labels×classes, uint8 (there may be as many
// sets as pictures), 1 where the label has the class. Undefined for no sets: there a label is a class.
torch::Tensor label_matrix(const ClassSets& sets, std::int64_t classes);
// Its rows for labels (N, int64): N×classes, float32.
torch::Tensor label_targets(const torch::Tensor& matrix, const torch::Tensor& labels);

// Appends one Outcome a row; with `matrix`, the label_matrix on the CPU, the rows of the table of scores too.
// logits: N×classes on any device, which is waited for once.
void add_outcomes(const torch::Tensor& logits, const std::vector<std::uint32_t>& indices,
                  const std::vector<std::int64_t>& labels, const torch::Tensor& matrix, Evaluation& result);

}  // namespace graft
