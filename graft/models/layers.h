// The layers that the families share.
#pragma once

#include <torch/torch.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "graft/device/precision_probe.h"
#include "graft/models/folded_conv.h"

namespace graft {

struct ConvOptions {
  std::int64_t in = 0, out = 0;  // channels
  std::int64_t kernel = 1;       // pixels of both sides, odd
  std::int64_t stride = 1;
  std::int64_t groups = 1;
};

// A convolution without bias, (kernel − 1) / 2 pixels of padding on every side, and the batch norm after it.
// Its weight is left unset: torch::nn::Conv2d would draw random values that the weights of a pretrained
// network overwrite at once.
class ConvImpl : public torch::nn::Module {
 public:
  explicit ConvImpl(const ConvOptions& options);
  // The batch norm that follows; registered by the owner of both, under the reference's name.
  void followed_by(const torch::nn::BatchNorm2d& norm) { norm_ = norm; }

  ConvKind kind() const;
  std::int64_t groups() const { return options_.groups; }

  // activation(norm(convolution(x)) + shortcut); an undefined shortcut is left out.
  // N×in×H×W → N×out×⌈H/stride⌉×⌈W/stride⌉.
  torch::Tensor forward(const torch::Tensor& x, Activation activation = Activation::none,
                        const torch::Tensor& shortcut = {});

  // From here on the norm in eval mode is part of the convolution: the same values within rounding (the tests
  // say 1e-5 of the largest), without gradients, computed and given in `dtype`. Later changes of weight or
  // norm are not seen. Until end_trial() each forward() is a trial (FoldedConv::prepare); after it forward()
  // changes nothing.
  void fold(torch::ScalarType dtype);
  void end_trial() { on_trial_ = false; }

  // What forward() shows: the convolution's own output, then the norm's, with the shortcut added
  // and not yet activated. Of a convolution that is not folded.
  using Watch = std::function<void(const torch::nn::Module& layer, const torch::Tensor& output)>;
  void watch(Watch watch) { watch_ = std::move(watch); }

  torch::Tensor weight;  // out × in/groups × kernel × kernel

 protected:
  struct Padded {
    torch::Tensor x;
    std::array<std::int64_t, 2> padding;  // rows, columns: what the convolution itself is to add
  };
  virtual Padded pad(const torch::Tensor& x) const;
  const ConvOptions& options() const { return options_; }

 private:
  ConvOptions options_;
  torch::nn::BatchNorm2d norm_{nullptr};
  std::optional<FoldedConv> folded_;
  bool on_trial_ = false;
  Watch watch_;
};
TORCH_MODULE(Conv);

// The same with TensorFlow's "SAME" padding: just as much as ⌈H/stride⌉ outputs need, an odd pixel at the
// bottom and right.
class SameConvImpl : public ConvImpl {
 public:
  using ConvImpl::ConvImpl;

 protected:
  Padded pad(const torch::Tensor& x) const override;
};
TORCH_MODULE(SameConv);

}  // namespace graft
