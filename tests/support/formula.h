// Tensors from a formula that Python (tools/goldens/formula.py) and C++ compute bit for bit alike, so that a
// golden holds what a network answers and not its weights.
//
// Element i of the tensor called `name` is u, uniform in [−1, 1): the top 24 bits of SplitMix64's i-th draw
// from the seed FNV-1a(name). All else scales and shifts it in double and rounds once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/device/torch.h"

namespace graft::test {

std::uint64_t fnv1a(const std::string& text);

// center + scale · u, float32.
torch::Tensor formula_tensor(const std::string& name, const std::vector<std::int64_t>& shape,
                             double center = 0, double scale = 1);

// Fills every parameter and buffer, by its name in the state dict and its shape, so that activations and
// logits are of ordinary size.
void fill_with_formula(torch::nn::Module& network);

// The same with a quieter head and quieter residual branches of a resnet18: tests/golden/training.json begins
// there.
void fill_for_training(torch::nn::Module& resnet18);

}  // namespace graft::test
