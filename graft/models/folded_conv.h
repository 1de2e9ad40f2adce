// A convolution with what follows it (bias, a shortcut's sum, an activation) in one pass over the output, for
// networks that answer and do not learn.
#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace graft {

enum class Activation { none, relu, relu6 };

class FoldedConv {
 public:
  // weight: out × in/groups × k × k; bias: out. Their dtype is the one that is computed in.
  FoldedConv(torch::Tensor weight, torch::Tensor bias, std::int64_t stride, std::int64_t groups);

  // activation(convolution(x) + bias + shortcut), without gradients; an undefined shortcut is left out.
  // padding: rows, columns.
  torch::Tensor operator()(const torch::Tensor& x, torch::IntArrayRef padding, Activation activation,
                           const torch::Tensor& shortcut);

 private:
  void pack(const torch::Tensor& x, torch::IntArrayRef padding);

  torch::ScalarType dtype_;
  torch::Tensor weight_, bias_;
  torch::Tensor
      packed_;  // the weight as oneDNN wants it: in its place from the first use on, where that is used
  std::int64_t stride_, groups_;
};

}  // namespace graft
