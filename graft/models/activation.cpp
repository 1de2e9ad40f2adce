#include "graft/models/layers.h"

namespace graft {

torch::Tensor activate(torch::Tensor x, Activation activation) {
  switch (activation) {
    // In place: their gradients need only the output.
    case Activation::relu:
      return x.relu_();
    case Activation::relu6:
      return torch::relu6_(x);
    case Activation::hardswish:
      return torch::hardswish(x);
    case Activation::silu:
      return torch::silu(x);
    case Activation::gelu:
      return torch::gelu(x, "none");
    case Activation::gelu_tanh:
      return torch::gelu(x, "tanh");
    case Activation::quick_gelu:
      return x * torch::sigmoid(1.702 * x);
    case Activation::sigmoid:
      return x.sigmoid_();
    case Activation::hardsigmoid:
      return torch::hardsigmoid(x);
    default:
      return x;
  }
}

}  // namespace graft
