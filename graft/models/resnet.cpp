#include "graft/models/resnet.h"

#include <memory>
#include <string>
#include <vector>

#include "graft/models/layers.h"

namespace graft {
namespace {

struct ResidualOptions {
  std::int64_t in = 0, planes = 0, stride = 1;
};

std::int64_t expansion(const ResNetShape& shape) { return shape.bottleneck ? 4 : 1; }

// Convolutions, each with a batch norm and all but the last with a ReLU, plus a shortcut; a ReLU of the sum.
class ResidualImpl : public torch::nn::Module {
 public:
  ResidualImpl(const ResNetShape& shape, const ResidualOptions& o) {
    const std::int64_t out = o.planes * expansion(shape);
    if (shape.bottleneck) {
      const std::int64_t width = o.planes * shape.width_per_group / 64 * shape.groups;
      add({.in = o.in, .out = width});
      add({.in = width, .out = width, .kernel = 3, .stride = o.stride, .groups = shape.groups});
      add({.in = width, .out = out});
    } else {
      add({.in = o.in, .out = out, .kernel = 3, .stride = o.stride});
      add({.in = out, .out = out, .kernel = 3});
    }
    if (o.stride != 1 || o.in != out) {
      const auto downsample =
          register_module("downsample", std::make_shared<torch::nn::Module>("downsample"));
      downsample_ =
          add_conv(*downsample, "0", Conv(ConvOptions{.in = o.in, .out = out, .stride = o.stride}), "1");
    }
  }

  torch::Tensor forward(const torch::Tensor& x) {
    torch::Tensor y = x;
    for (std::size_t i = 0; i + 1 < convs_.size(); ++i) y = convs_[i](y, Activation::relu);
    const torch::Tensor shortcut = downsample_ ? downsample_(x) : x;
    return convs_.back()(y, Activation::relu, shortcut);
  }

 private:
  void add(const ConvOptions& options) {
    const std::string number = std::to_string(convs_.size() + 1);
    convs_.push_back(add_conv(*this, "conv" + number, Conv(options), "bn" + number));
  }

  std::vector<Conv> convs_;
  Conv downsample_{nullptr};
};
TORCH_MODULE(Residual);

class ResNet : public Network {
 public:
  ResNet(const ResNetShape& shape, std::int64_t classes) : shape_(shape) {
    conv1_ = add_conv(*this, "conv1", Conv(ConvOptions{.in = 3, .out = 64, .kernel = 7, .stride = 2}), "bn1");
    std::int64_t channels = 64;
    for (std::size_t stage = 0; stage < shape.depths.size(); ++stage) {
      torch::nn::Sequential blocks;
      const std::int64_t planes = 64LL << stage;
      for (int block = 0; block < shape.depths[stage]; ++block) {
        const std::int64_t stride = stage > 0 && block == 0 ? 2 : 1;
        blocks->push_back(Residual(shape, ResidualOptions{channels, planes, stride}));
        channels = planes * expansion(shape);
      }
      stages_.push_back(register_module("layer" + std::to_string(stage + 1), blocks));
    }
    add_head("fc", channels, classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    torch::Tensor x = conv1_(images, Activation::relu);
    x = torch::max_pool2d(x, /*kernel_size=*/3, /*stride=*/2, /*padding=*/1);
    for (torch::nn::Sequential& stage : stages_) x = stage->forward(x);
    return x;
  }

  FeatureInfo feature_info() const override { return {.dim = head()->weight.size(1), .reduction = 32}; }

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<ResNet>(shape_, head()->weight.size(0)); }

 private:
  ResNetShape shape_;
  Conv conv1_{nullptr};
  std::vector<torch::nn::Sequential> stages_;
};

}  // namespace

NetworkPtr make_resnet(const ResNetShape& shape, std::int64_t classes, Init init) {
  auto network = std::make_shared<ResNet>(shape, classes);
  if (init == Init::random) {
    // He et al., arXiv:1502.01852. torch initialises batch norm as the identity.
    for (const auto& module : network->modules()) {
      if (const auto* conv = module->as<Conv>())
        torch::nn::init::kaiming_normal_(conv->weight, 0, torch::kFanOut, torch::kReLU);
    }
  }
  return network;
}

}  // namespace graft
