// Layers that the model families share, also for custom networks: convolutions whose batch norm and
// activation InferenceModel folds into one operator.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "graft/device/device.h"
#include "graft/device/torch.h"

namespace graft {

class FoldedConv;  // graft/models/folded_conv.h

// Activations by value, as layers take them.
//
// relu6: min(max(x, 0), 6). hardswish: x · relu6(x + 3) / 6. silu: x · sigmoid(x). gelu: x · Φ(x), exact;
// gelu_tanh: its approximation by tanh, which gives different values.
enum class Activation { none, relu, relu6, hardswish, silu, gelu, gelu_tanh };

// NaN stays NaN. May overwrite x: pass a copy of a tensor that is needed elsewhere.
torch::Tensor activate(torch::Tensor x, Activation activation);

// Normalisation by value. batch: torch::nn::BatchNorm2d. layer: over the channels of each position
// (ChannelNorm).
enum class NormKind { none, batch, layer };
struct NormOptions {
  NormKind kind = NormKind::batch;
  double eps = 1e-5;
  double momentum = 0.1;  // of batch norm
};

// Layer norm over the channels of N×C×H×W at each position, as in ConvNeXt.
class ChannelNormImpl : public torch::nn::Module {
 public:
  explicit ChannelNormImpl(std::int64_t channels, double eps = 1e-5);
  torch::Tensor forward(const torch::Tensor& x);

  torch::Tensor weight, bias;  // C

 private:
  double eps_;
};
TORCH_MODULE(ChannelNorm);

struct ConvOptions {
  std::int64_t in = 0, out = 0;  // channels
  std::int64_t kernel = 1;       // height and width in pixels
  std::int64_t stride = 1;
  std::int64_t groups = 1;
  bool bias = false;
  std::optional<std::int64_t> padding = {};  // on every side; else (kernel − 1) / 2
};

// A convolution and the norm after it. Its weight and bias are uninitialised: torch::nn::Conv2d would draw
// random values that pretrained weights overwrite at once.
class ConvImpl : public torch::nn::Module {
 public:
  explicit ConvImpl(const ConvOptions& options);
  // The norm that follows; registered by the owner of both, under the reference's name (add_conv).
  void followed_by(const torch::nn::BatchNorm2d& norm) { batch_norm_ = norm; }
  void followed_by(const ChannelNorm& norm) { channel_norm_ = norm; }

  OpKind kind() const;
  std::int64_t groups() const { return options_.groups; }

  // activation(norm(convolution(x)) + shortcut); an undefined shortcut is ignored. N×in×H×W →
  // N×out×⌈H/stride⌉×⌈W/stride⌉.
  torch::Tensor forward(const torch::Tensor& x, Activation activation = Activation::none,
                        const torch::Tensor& shortcut = {});

  // Folds the batch norm in eval mode into the convolution: later outputs have the same values within
  // rounding (1e-5 of the largest in the tests), computed and returned in `dtype`. Later changes of weight or
  // norm have no effect. Until end_trial() each forward() is a trial (FoldedConv::prepare); after it
  // forward() changes nothing. If a gradient of the input is required, forward() is not folded. A convolution
  // without a batch norm does not change.
  void fold(torch::ScalarType dtype);
  void end_trial() { on_trial_ = false; }

  // Called by forward() of a convolution that is not folded: with the convolution's output, then with the
  // norm's output plus the shortcut, before the activation.
  using Watch = std::function<void(const torch::nn::Module& layer, const torch::Tensor& output)>;
  void watch(Watch watch) { watch_ = std::move(watch); }

  torch::Tensor weight;  // out × in/groups × kernel × kernel
  torch::Tensor bias;    // out; undefined without ConvOptions::bias

 protected:
  struct Padded {
    torch::Tensor x;
    std::array<std::int64_t, 2> padding;  // rows, columns: the padding that the convolution itself adds
  };
  virtual Padded pad(const torch::Tensor& x) const;
  const ConvOptions& options() const { return options_; }

 private:
  ConvOptions options_;
  torch::nn::BatchNorm2d batch_norm_{nullptr};
  ChannelNorm channel_norm_{nullptr};
  std::shared_ptr<FoldedConv> folded_;  // null until fold()
  bool on_trial_ = false;
  Watch watch_;
};
TORCH_MODULE(Conv);

// Registers the convolution in its owner as `name`, and the norm that follows it as `norm_name`.
Conv add_conv(torch::nn::Module& owner, const std::string& name, Conv conv, const std::string& norm_name,
              const NormOptions& norm = {});

// The same convolution with TensorFlow's "SAME" padding: the padding that ⌈H/stride⌉ outputs need, an odd
// pixel at the bottom and right.
class SameConvImpl : public ConvImpl {
 public:
  using ConvImpl::ConvImpl;

 protected:
  Padded pad(const torch::Tensor& x) const override;
};
TORCH_MODULE(SameConv);

}  // namespace graft
