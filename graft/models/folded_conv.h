// A convolution with its bias, the sum of a shortcut and an activation in one pass over the output, for
// inference.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "graft/device/torch.h"
#include "graft/kernels/convolution.h"
#include "graft/models/layers.h"

namespace graft {

// torch::conv2d with any padding.
torch::Tensor convolve(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
                       std::int64_t stride, const Padding& padding, std::int64_t groups);

// oneDNN computes the activation within the convolution, and turns NaN into 0 in relu and relu6 (max(x, 0)):
// a network that overflows would give a finite output where PyTorch gives NaN. So this form is used only if
// the weights are below 1e9, and the inputs of a trial batch, given to prepare(), below 1e18. Otherwise the
// activation is computed separately, which keeps NaN. The values of both forms are the same bit for bit for
// relu and relu6, and within rounding for the others.
//
// One batch is enough. An output sums about ten thousand products at most, so with such weights only inputs
// above 1e24 make a layer overflow (float32 and bfloat16 end at 3.4e38). All images are 8-bit values
// normalised by the same constants: inputs of a layer below 1e18 for one batch (below 1e3 in trained
// networks) do not become a million times as large for another batch.
//
// In float32 on a CPU the convolution is oneDNN's, called directly (graft/kernels/convolution.h), if the
// build has it; else, and in bfloat16, libtorch calls oneDNN; for other devices and dtypes it is torch's own.
//
// Any number of threads may call operator() at once; prepare() changes the object.
class FoldedConv {
 public:
  // weight: out × in/groups × k × k; bias: out. Their dtype is that of the computation.
  FoldedConv(torch::Tensor weight, torch::Tensor bias, std::int64_t stride, std::int64_t groups);
  // The number of images of most later batches. oneDNN has another layout of some weights for larger batches,
  // and converts a weight that has the wrong one in every call.
  void expect_batches(std::int64_t images) { expected_images_ = images; }

  // activation(convolution(x) + bias + shortcut), without gradients; an undefined shortcut is ignored.
  torch::Tensor operator()(const torch::Tensor& x, const Padding& padding, Activation activation,
                           const torch::Tensor& shortcut) const;
  // The same values for a trial batch, which selects the fastest form for all later calls: the weight is
  // packed for batches of expect_batches() such inputs, and the activation fused if that is safe. Without it
  // every call uses torch's own convolution.
  torch::Tensor prepare(const torch::Tensor& x, const Padding& padding, Activation activation,
                        const torch::Tensor& shortcut);

 private:
  std::shared_ptr<Convolution> make_direct(const torch::Tensor& x, const Padding& padding,
                                           Activation activation, bool with_shortcut) const;
  torch::Tensor run_direct(const torch::Tensor& x, const Padding& padding, Activation activation,
                           const torch::Tensor& shortcut) const;
  torch::Tensor pack(const torch::Tensor& x, const Padding& padding) const;
  torch::Tensor run_packed(const torch::Tensor& x, const Padding& padding, Activation activation,
                           const torch::Tensor& shortcut) const;
  // Whether libtorch's operator adds the shortcut within the convolution.
  bool is_summed(Activation activation, const torch::Tensor& shortcut) const;

  torch::ScalarType dtype_;
  torch::Tensor weight_, bias_;
  // After the trial one of the two in place of weight_, where it is possible.
  std::shared_ptr<Convolution> direct_;
  torch::Tensor packed_;              // the weight in the layout of libtorch's oneDNN
  std::vector<std::int64_t> kernel_;  // sizes of the weight
  std::int64_t stride_, groups_, expected_images_ = 1;
  bool may_fuse_;  // the activation: no value seen so far is too large
};

}  // namespace graft
