// The layers that the families share.
#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace graft {

struct ConvOptions {
  std::int64_t in = 0, out = 0;  // channels
  std::int64_t kernel = 1;       // pixels of both sides, odd
  std::int64_t stride = 1;
  std::int64_t groups = 1;
};

// A convolution without bias, (kernel − 1) / 2 pixels of padding on every side. Its weight is left unset:
// torch::nn::Conv2d would draw random values that the weights of a pretrained network overwrite at once.
class ConvImpl : public torch::nn::Module {
 public:
  explicit ConvImpl(const ConvOptions& options);
  // N×in×H×W → N×out×⌈H/stride⌉×⌈W/stride⌉.
  torch::Tensor forward(const torch::Tensor& x);

  torch::Tensor weight;  // out × in/groups × kernel × kernel

 protected:
  ConvOptions options_;
};
TORCH_MODULE(Conv);

// The same with TensorFlow's "SAME" padding: just as much as ⌈H/stride⌉ outputs need, an odd pixel at the
// bottom and right.
class SameConvImpl : public ConvImpl {
 public:
  using ConvImpl::ConvImpl;
  torch::Tensor forward(const torch::Tensor& x);
};
TORCH_MODULE(SameConv);

}  // namespace graft
