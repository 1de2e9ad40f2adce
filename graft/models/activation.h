// Activations by value, as layers take them.
#pragma once

#include <torch/torch.h>

namespace graft {

// relu6: min(max(x, 0), 6). hardswish: x · relu6(x + 3) / 6. silu: x · sigmoid(x). gelu: x · Φ(x), exact, and
// gelu_tanh its approximation by tanh; two functions that give other answers for the same weights.
enum class Activation { none, relu, relu6, hardswish, silu, gelu, gelu_tanh };

// NaN stays what it is. May use x's memory: of a tensor that is needed elsewhere give a copy.
torch::Tensor activate(torch::Tensor x, Activation activation);

}  // namespace graft
