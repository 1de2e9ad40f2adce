// Layers that the model families share, also for custom networks: convolutions whose batch norm and
// activation InferenceModel folds into one operator, linear layers, squeeze-and-excitation, stochastic depth.
// Their weights are uninitialised: torch's own layers draw random values that pretrained weights overwrite at
// once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "graft/device/device.h"
#include "graft/device/torch.h"
#include "graft/kernels/convolution.h"

namespace graft {

class FoldedConv;  // graft/models/folded_conv.h

// NaN stays NaN. May overwrite x: pass a copy of a tensor that is needed elsewhere.
torch::Tensor activate(torch::Tensor x, Activation activation);

// Normalisation by value. batch: torch::nn::BatchNorm2d. layer: over the channels of each position
// (ChannelNorm). deviation: the same without subtracting the mean and without bias (timm's SimpleNorm).
enum class NormKind { none, batch, layer, deviation };
struct NormOptions {
  NormKind kind = NormKind::batch;
  double eps = 1e-5;
  double momentum = 0.1;  // of batch norm
};

// Layer norm over the channels of N×C×H×W at each position, as in ConvNeXt. kind: layer or deviation.
class ChannelNormImpl : public torch::nn::Module {
 public:
  explicit ChannelNormImpl(std::int64_t channels, double eps = 1e-5, NormKind kind = NormKind::layer);
  torch::Tensor forward(const torch::Tensor& x);

  torch::Tensor weight, bias;  // C; the bias is undefined for NormKind::deviation

 private:
  double eps_;
};
TORCH_MODULE(ChannelNorm);

// A layer whose output can be watched.
class WatchedLayer : public torch::nn::Module {
 public:
  // Called by forward() of a layer that is not folded, with its output; by a convolution with a norm a second
  // time, for the norm, with the norm's output plus the shortcut, before the activation.
  using Watch = std::function<void(const torch::nn::Module& layer, const torch::Tensor& output)>;
  void watch(Watch watch) { watch_ = std::move(watch); }

 protected:
  void show(const torch::nn::Module& layer, const torch::Tensor& output) const {
    if (watch_) watch_(layer, output);
  }

 private:
  Watch watch_;
};

struct ConvOptions {
  std::int64_t in = 0, out = 0;  // channels
  std::int64_t kernel = 1;       // height in pixels, and width without kernel_width
  std::int64_t stride = 1;
  std::int64_t groups = 1;
  bool bias = false;
  std::optional<std::int64_t> padding = {};       // on every side; else (kernel − 1) / 2
  std::optional<std::int64_t> kernel_width = {};  // of a kernel that is not square
};

// A layer that has a faster form for inference.
class FoldableLayer {
 public:
  // Until end_trial(), each forward() is a trial with the inputs of one image, which chooses the form for
  // batches of `images` images; after it forward() changes nothing. dtype: that of the computation.
  virtual void fold(torch::ScalarType dtype, std::int64_t images) = 0;
  virtual void end_trial() = 0;

 protected:
  ~FoldableLayer() = default;
};

// A convolution and the norm after it.
class ConvImpl : public WatchedLayer, public FoldableLayer {
 public:
  explicit ConvImpl(const ConvOptions& options);
  // The norm that follows; registered by the owner of both, under the reference's name (add_conv).
  void followed_by(const torch::nn::BatchNorm2d& norm) { batch_norm_ = norm; }
  void followed_by(const ChannelNorm& norm) { channel_norm_ = norm; }

  // Empty without one.
  const torch::nn::BatchNorm2d& batch_norm() const { return batch_norm_; }

  OpKind kind() const;
  std::int64_t groups() const { return options_.groups; }

  // activation(norm(convolution(x)) + shortcut); an undefined shortcut is ignored. N×in×H×W →
  // N×out×⌈H/stride⌉×⌈W/stride⌉.
  torch::Tensor forward(const torch::Tensor& x, Activation activation = Activation::none,
                        const torch::Tensor& shortcut = {});

  // Folds the batch norm in eval mode, if any, into the convolution: later outputs have the same values
  // within rounding (1e-5 of the largest in the tests), computed and returned in `dtype`. Later changes of
  // weight or norm have no effect. If a gradient of the input is required, forward() is not folded. A trial:
  // FoldedConv::prepare().
  void fold(torch::ScalarType dtype, std::int64_t images) override;
  void end_trial() override { on_trial_ = false; }

  torch::Tensor weight;  // out × in/groups × kernel × kernel_width
  torch::Tensor bias;    // out; undefined without ConvOptions::bias

 protected:
  // The zeros around x.
  virtual Padding padding_of(const torch::Tensor& x) const;
  const ConvOptions& options() const { return options_; }

 private:
  ConvOptions options_;
  torch::nn::BatchNorm2d batch_norm_{nullptr};
  ChannelNorm channel_norm_{nullptr};
  std::shared_ptr<FoldedConv> folded_;  // null until fold()
  bool on_trial_ = false;

  torch::Tensor run_folded(const torch::Tensor& x, Activation activation,
                           const torch::Tensor& shortcut) const;
};
TORCH_MODULE(Conv);

// The module of `root` that owns the one of this name, and the last part of the name: "blocks.0" and "norm"
// for "blocks.0.norm". If there is none: null, or with `make` new plain modules, which only name their
// children.
std::pair<torch::nn::Module*, std::string> owner_of(torch::nn::Module& root, const std::string& name,
                                                    bool make);

// Registers a layer under a name that may have dots, which makes the modules in between (owner_of).
template <class Layer>
Layer add_layer(torch::nn::Module& root, const std::string& name, Layer layer) {
  const auto [owner, last] = owner_of(root, name, /*make=*/true);
  owner->register_module(last, layer);
  return layer;
}

// Registers the convolution as `name`, and the norm that follows it as `norm_name`; both may have dots.
Conv add_conv(torch::nn::Module& root, const std::string& name, Conv conv, const std::string& norm_name,
              const NormOptions& norm = {});
// As name.0 and name.1: torchvision's Conv2dNormActivation, and a Sequential that begins with the two.
Conv add_conv(torch::nn::Module& root, const std::string& name, const ConvOptions& options,
              const NormOptions& norm = {});

// The same convolution with TensorFlow's "SAME" padding: the padding that ⌈H/stride⌉ outputs need, an odd
// pixel at the bottom and right.
class SameConvImpl : public ConvImpl {
 public:
  using ConvImpl::ConvImpl;

 protected:
  Padding padding_of(const torch::Tensor& x) const override;
};
TORCH_MODULE(SameConv);

// A Conv, or with `same_padding` a SameConv.
Conv make_conv(const ConvOptions& options, bool same_padding);

// torch.nn.Linear.
class DenseImpl : public WatchedLayer, public FoldableLayer {
 public:
  DenseImpl(std::int64_t in, std::int64_t out, bool bias = true);
  // activation(x · weightᵀ + bias). …×in → …×out.
  torch::Tensor forward(const torch::Tensor& x, Activation activation = Activation::none);

  // Later outputs have the same values within rounding; later changes of the weight have no effect. Of a
  // float32 layer on a CPU the next forward(), the trial, packs the weight for inputs as large as this one
  // times `images`. If a gradient of the input is required, forward() does not use the packed weight.
  void fold(torch::ScalarType dtype, std::int64_t images) override;
  void end_trial() override { on_trial_ = false; }

  torch::Tensor weight;  // out × in
  torch::Tensor bias;    // out; undefined without a bias

 private:
  bool is_for_one_dnn(torch::ScalarType dtype) const;
  torch::Tensor run_folded(const torch::Tensor& x);

  torch::Tensor packed_;  // the weight in oneDNN's layout, or undefined
  std::int64_t expected_images_ = 1;
  bool on_trial_ = false;
};
TORCH_MODULE(Dense);

// torch.nn.LayerNorm over the last dimension.
torch::nn::LayerNorm layer_norm(std::int64_t dim, double eps = 1e-5);

// Squeeze-and-excitation (Hu et al., arXiv:1709.01507): multiplies each channel by
// gate(expand(activation(reduce(mean of the channels)))).
struct SqueezeExciteOptions {
  std::int64_t channels = 0, squeezed = 0;  // of the input, and after `reduce`
  Activation activation = Activation::relu;
  Activation gate = Activation::sigmoid;
  // The names of the two convolutions: torchvision's, or timm's "conv_reduce" and "conv_expand".
  std::string reduce = "fc1", expand = "fc2";
};
class SqueezeExciteImpl : public torch::nn::Module {
 public:
  explicit SqueezeExciteImpl(const SqueezeExciteOptions& options);
  torch::Tensor forward(const torch::Tensor& x);  // N×channels×H×W

 private:
  Activation activation_, gate_;
  Conv reduce_{nullptr}, expand_{nullptr};
};
TORCH_MODULE(SqueezeExcite);

// Stochastic depth (Huang et al., arXiv:1603.09382): in train mode sets a residual branch to 0 for a sample
// with probability `rate`, and divides the other samples' by 1 − rate. It has no parameters.
class DropPathImpl : public torch::nn::Module {
 public:
  explicit DropPathImpl(double rate) : rate_(rate) {}
  torch::Tensor forward(const torch::Tensor& x);  // N×…
  // shortcut + forward(branch · scale), in one pass; an undefined scale is ignored.
  torch::Tensor add(const torch::Tensor& shortcut, const torch::Tensor& branch,
                    const torch::Tensor& scale = {});
  // Whether forward() returns other values than its input.
  bool drops() const { return is_training() && rate_ > 0; }
  void set_rate(double rate) { rate_ = rate; }

 private:
  // 0 or 1 / (1 − rate) for each sample of x.
  torch::Tensor factors(const torch::Tensor& x) const;

  double rate_;
};
TORCH_MODULE(DropPath);

// Initial values of all Conv and Dense layers in `root`.
// Convolutions: normal with variance 2 / fan-out (He et al., arXiv:1502.01852), where the fan-out is that of
// all groups; biases 0. As most convolutional networks of torchvision.
void init_by_fan_out(const torch::nn::Module& root);
// The same with the fan-out of one group, as timm.
void init_by_group_fan_out(const torch::nn::Module& root);
// Convolutions and linear layers: weights and biases uniform within ±1 / √fan-in, as torch.nn.Conv2d and
// torch.nn.Linear.
void init_by_fan_in(const torch::nn::Module& root);
// Weights normal, biases 0; also of torch's own linear layers, so of the head. torchvision truncates the
// values at ±2, which is 100 deviations for the usual 0.02.
void init_normal(const torch::nn::Module& root, double deviation);

}  // namespace graft
