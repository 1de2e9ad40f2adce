// Tensors from a formula that Python (tools/goldens/formula.py) and C++ compute equally bit for bit, so that
// a golden contains a network's outputs and not its weights.
//
// Element i of the tensor called `name` is u, uniform in [−1, 1): the top 24 bits of SplitMix64's i-th draw
// from the seed FNV-1a(name). The functions scale and shift it in double and round once.
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

// A parameter or buffer by its name in the state dict and its shape.
torch::Tensor formula_parameter(const std::string& name, const std::vector<std::int64_t>& shape);

// Fills every parameter and buffer by its name in the state dict and its shape, so that activations and
// logits have an ordinary scale; except the tables of relative positions, which are a part of the
// architecture.
void fill_with_formula(torch::nn::Module& network);

// The same with a smaller scale in the head and the residual branches of a resnet18: the start of
// tests/golden/training.json.
void fill_for_training(torch::nn::Module& resnet18);

}  // namespace graft::test
