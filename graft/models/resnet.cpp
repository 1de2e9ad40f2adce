#include "graft/models/resnet.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/pretrained.h"

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
      downsample_ = add_conv(*this, "downsample.0",
                             Conv(ConvOptions{.in = o.in, .out = out, .stride = o.stride}), "downsample.1");
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

namespace {

ModelSpec resnet(const std::string& name, std::int64_t parameters, const ResNetShape& shape,
                 std::vector<std::string> lookalikes = {}) {
  ModelSpec spec = torchvision_model(
      name, "resnet", parameters,
      [shape](const NetworkOptions& o) { return make_resnet(shape, o.classes, o.init); }, "IMAGENET1K_V1");
  spec.lookalikes = std::move(lookalikes);
  return spec;
}

}  // namespace

std::vector<ModelSpec> resnet_models() {
  return {
      resnet("resnet18", 11'689'512, {{2, 2, 2, 2}}, {"resnetblur18"}),
      resnet("resnet34", 21'797'672, {{3, 4, 6, 3}}),
      resnet("resnet50", 25'557'032, {{3, 4, 6, 3}, true}, {"resnetblur50", "resnetaa50"}),
      resnet("resnet101", 44'549'160, {{3, 4, 23, 3}, true}),
      resnet("resnet152", 60'192'808, {{3, 8, 36, 3}, true}),
      resnet("wide_resnet50_2", 68'883'240, {{3, 4, 6, 3}, true, 1, 128}),
      resnet("wide_resnet101_2", 126'886'696, {{3, 4, 23, 3}, true, 1, 128}),
      resnet("resnext50_32x4d", 25'028'904, {{3, 4, 6, 3}, true, 32, 4}),
      resnet("resnext101_32x8d", 88'791'336, {{3, 4, 23, 3}, true, 32, 8}),
      resnet("resnext101_64x4d", 83'455'272, {{3, 4, 23, 3}, true, 64, 4}),
  };
}

}  // namespace graft
