// SqueezeNet (Iandola et al., arXiv:1602.07360) as in torchvision.models.squeezenet. Its head is a
// convolution that answers at each position.
#include <memory>
#include <string>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"

namespace graft {
namespace {

constexpr std::int64_t squeezenet_channels = 512;
constexpr double squeezenet_head_std = 0.01;

// Squeezes the channels, and expands them by 1×1 and by 3×3 convolutions, whose outputs are concatenated.
class FireImpl : public torch::nn::Module {
 public:
  FireImpl(std::int64_t in, std::int64_t squeezed, std::int64_t expanded) {
    squeeze_ = register_module("squeeze", Conv(ConvOptions{.in = in, .out = squeezed, .bias = true}));
    expand1_ = register_module("expand1x1", Conv(ConvOptions{.in = squeezed, .out = expanded, .bias = true}));
    expand3_ = register_module("expand3x3",
                               Conv(ConvOptions{.in = squeezed, .out = expanded, .kernel = 3, .bias = true}));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor squeezed = squeeze_(x, Activation::relu);
    return torch::cat({expand1_(squeezed, Activation::relu), expand3_(squeezed, Activation::relu)}, 1);
  }

 private:
  Conv squeeze_{nullptr}, expand1_{nullptr}, expand3_{nullptr};
};
TORCH_MODULE(Fire);

struct FireShape {
  std::int64_t squeezed, expanded;  // channels; those of the output are 2 · expanded
  bool pooled;                      // a max pool precedes
};

struct SqueezeNetShape {
  std::int64_t stem_channels, stem_kernel;
  std::vector<FireShape> fires;
  std::int64_t least;  // side of images in pixels
};

class SqueezeNet : public Network {
 public:
  SqueezeNet(const SqueezeNetShape& shape, std::int64_t classes) : Network("SqueezeNet"), shape_(shape) {
    std::int64_t channels = shape.stem_channels;
    stem_ = add_layer(
        *this, "features.0",
        Conv(ConvOptions{
            .in = 3, .out = channels, .kernel = shape.stem_kernel, .stride = 2, .bias = true, .padding = 0}));
    int index = 2;  // after the stem's ReLU
    for (const FireShape& fire : shape.fires) {
      if (fire.pooled) ++index;
      fires_.push_back(add_layer(*this, "features." + std::to_string(index),
                                 Fire(channels, fire.squeezed, fire.expanded)));
      channels = 2 * fire.expanded;
      ++index;
    }
    add_convolutional_head("classifier.1", squeezenet_channels, classes, 0.5);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    check_image_size(images, shape_.least);
    torch::Tensor x = stem_(images, Activation::relu);
    for (std::size_t i = 0; i < fires_.size(); ++i) {
      if (shape_.fires[i].pooled)
        x = torch::max_pool2d(x, /*kernel_size=*/3, /*stride=*/2, /*padding=*/0, /*dilation=*/1,
                              /*ceil_mode=*/true);
      x = fires_[i](x);
    }
    return x;
  }

  FeatureInfo feature_info() const override { return {.dim = squeezenet_channels, .reduction = 16}; }

 protected:
  torch::Tensor pool(const torch::Tensor& features) override { return features.flatten(2).transpose(1, 2); }

  NetworkPtr make_alike() const override {
    return std::make_shared<SqueezeNet>(shape_, head()->weight.size(0));
  }

 private:
  SqueezeNetShape shape_;
  Conv stem_{nullptr};
  std::vector<Fire> fires_;
};

NetworkPtr make_squeezenet(const SqueezeNetShape& shape, const NetworkOptions& options) {
  auto network = std::make_shared<SqueezeNet>(shape, options.classes);
  if (options.init == Init::none) return network;
  for (const auto& module : network->modules()) {
    const auto* conv = module->as<ConvImpl>();
    if (conv == nullptr) continue;
    torch::nn::init::kaiming_uniform_(conv->weight);
    torch::nn::init::zeros_(conv->bias);
  }
  torch::nn::init::normal_(network->head()->weight, 0, squeezenet_head_std);
  torch::nn::init::zeros_(network->head()->bias);
  return network;
}

ModelSpec squeezenet(const std::string& name, std::int64_t parameters, const SqueezeNetShape& shape) {
  return torchvision_model(name, "squeezenet", parameters,
                           [shape](const NetworkOptions& o) { return make_squeezenet(shape, o); });
}

}  // namespace

std::vector<ModelSpec> squeezenet_models() {
  return {squeezenet("squeezenet1_0", 1'248'424,
                     {96,
                      7,
                      {{16, 64, true},
                       {16, 64, false},
                       {32, 128, false},
                       {32, 128, true},
                       {48, 192, false},
                       {48, 192, false},
                       {64, 256, false},
                       {64, 256, true}},
                      21}),
          squeezenet("squeezenet1_1", 1'235'496,
                     {64,
                      3,
                      {{16, 64, true},
                       {16, 64, false},
                       {32, 128, true},
                       {32, 128, false},
                       {48, 192, true},
                       {48, 192, false},
                       {64, 256, false},
                       {64, 256, false}},
                      17})};
}

}  // namespace graft
