// A convolution with what follows it (bias, a shortcut's sum, an activation) in one pass over the output, for
// networks that answer and do not learn.
#pragma once

#include <cstdint>

#include "graft/device/torch.h"
#include "graft/models/layers.h"

namespace graft {

// oneDNN computes the activation within the convolution, and turns NaN into 0 in relu and relu6 (max(x, 0)):
// a network that overflows would give an answer, where PyTorch gives NaN. So prepare() computes the
// activation of a trial batch apart, which keeps NaN. Of relu and relu6 the values are the same bit for bit,
// of the others within rounding. The fused form is used from then on if the weights are below 1e9 and the
// trial's outputs below 1e18, else never.
//
// One batch is enough. An output sums some ten thousand products at most, so that with such weights only
// inputs above 1e24 make a layer overflow (float32 and bfloat16 end at 3.4e38), and a layer before it must
// have given them. All pictures are 8-bit values normalised by the same constants: outputs below 1e18 for one
// batch (in trained networks they are below 1e3) do not become a million times as large for another.
//
// Any number of threads may call operator() at once; prepare() changes the object.
class FoldedConv {
 public:
  // weight: out × in/groups × k × k; bias: out. Their dtype is the one that is computed in.
  FoldedConv(torch::Tensor weight, torch::Tensor bias, std::int64_t stride, std::int64_t groups);

  // activation(convolution(x) + bias + shortcut), without gradients; an undefined shortcut is left out.
  // padding: rows, columns.
  torch::Tensor operator()(const torch::Tensor& x, torch::IntArrayRef padding, Activation activation,
                           const torch::Tensor& shortcut) const;
  // The same values of a trial batch, by which the fastest form is chosen for all calls after it: the weight
  // is packed for inputs of this size, and the activation fused where that is safe. Without it every call
  // takes torch's own way.
  torch::Tensor prepare(const torch::Tensor& x, torch::IntArrayRef padding, Activation activation,
                        const torch::Tensor& shortcut);

 private:
  // Whether oneDNN adds the shortcut within the convolution.
  bool is_summed(Activation activation, const torch::Tensor& shortcut) const;
  // Without the activation, but for the one that is computed `within` the convolution.
  torch::Tensor convolve(const torch::Tensor& x, torch::IntArrayRef padding, bool sums, Activation within,
                         const torch::Tensor& shortcut) const;

  torch::ScalarType dtype_;
  torch::Tensor weight_, bias_;
  torch::Tensor packed_;  // the weight as oneDNN wants it, in place of weight_
  std::int64_t stride_, groups_;
  bool may_fuse_, fuses_ = false;
};

}  // namespace graft
