#include "graft/models/resnet.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graft/core/error.h"
#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/pretrained.h"

namespace graft {
namespace {

struct ResidualOptions {
  std::int64_t in = 0, planes = 0, stride = 1;
};

std::int64_t expansion(const ResNetShape& shape) { return shape.bottleneck ? 4 : 1; }

// Means of 2×2 positions, without those beyond the border.
torch::Tensor average_pairs(const torch::Tensor& x) {
  return torch::avg_pool2d(x, /*kernel_size=*/2, /*stride=*/2, /*padding=*/0, /*ceil_mode=*/true,
                           /*count_include_pad=*/false);
}

// Efficient channel attention: multiplies each channel by the sigmoid of a convolution over the means of the
// channels beside it.
class EfficientAttentionImpl : public torch::nn::Module {
 public:
  explicit EfficientAttentionImpl(std::int64_t channels) {
    const auto odd =
        static_cast<std::int64_t>((std::log2(static_cast<double>(channels)) + 1) / 2) / 2 * 2 + 1;
    const std::int64_t kernel = std::max<std::int64_t>(odd, 3);
    const auto options = torch::nn::Conv1dOptions(1, 1, kernel).padding(kernel / 2).bias(false);
    conv_ = register_module("conv", torch::nn::Conv1d(options));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor means = x.mean({2, 3}).unsqueeze(1);
    return x * conv_(means).sigmoid().view({x.size(0), -1, 1, 1});
  }

 private:
  torch::nn::Conv1d conv_{nullptr};
};
TORCH_MODULE(EfficientAttention);

// Convolutions, each with a batch norm and all but the last with a ReLU, plus a shortcut; a ReLU of the sum.
class ResidualImpl : public torch::nn::Module {
 public:
  ResidualImpl(const ResNetShape& shape, const ResidualOptions& o) {
    const std::int64_t out = o.planes * expansion(shape);
    averages_ = shape.averages && o.stride > 1;
    const std::int64_t stride = averages_ ? 1 : o.stride;
    if (shape.bottleneck) {
      const std::int64_t width = o.planes * shape.width_per_group / 64 * shape.groups;
      const std::int64_t first = width / shape.reduction;
      add({.in = o.in, .out = first});
      add({.in = first, .out = width, .kernel = 3, .stride = stride, .groups = shape.groups});
      add({.in = width, .out = out});
    } else {
      add({.in = o.in, .out = out, .kernel = 3, .stride = stride});
      add({.in = out, .out = out, .kernel = 3});
    }
    // timm's make_divisible().
    const std::int64_t squeezed = std::max<std::int64_t>(8, (out / shape.squeeze + 4) / 8 * 8);
    if (shape.attention == ChannelAttention::squeeze)
      squeeze_ =
          register_module("se", SqueezeExcite(SqueezeExciteOptions{.channels = out, .squeezed = squeezed}));
    if (shape.attention == ChannelAttention::efficient)
      efficient_ = register_module("se", EfficientAttention(out));
    if (o.stride != 1 || o.in != out) add_shortcut(shape, o, out);
  }

  torch::Tensor forward(const torch::Tensor& x) {
    torch::Tensor y = x;
    for (std::size_t i = 0; i + 1 < convs_.size(); ++i) {
      y = convs_[i](y, Activation::relu);
      if (averages_ && i + 2 == convs_.size()) y = torch::avg_pool2d(y, /*kernel_size=*/2);
    }
    const torch::Tensor shortcut = downsample_ ? downsample_(pools_shortcut_ ? average_pairs(x) : x) : x;
    if (!squeeze_ && !efficient_) return convs_.back()(y, Activation::relu, shortcut);
    y = convs_.back()(y);
    return activate((squeeze_ ? squeeze_(y) : efficient_(y)) + shortcut, Activation::relu);
  }

  void zero_last_norm() { torch::nn::init::zeros_(convs_.back()->batch_norm()->weight); }

 private:
  // Sequential in both libraries: timm's begins with the pooling.
  void add_shortcut(const ResNetShape& shape, const ResidualOptions& o, std::int64_t out) {
    pools_shortcut_ = shape.pools_shortcuts && o.stride > 1;
    const std::int64_t stride = shape.pools_shortcuts ? 1 : o.stride;
    const ConvOptions options{
        .in = o.in, .out = out, .kernel = o.stride > 1 ? shape.shortcut_kernel : 1, .stride = stride};
    downsample_ = add_conv(*this, shape.pools_shortcuts ? "downsample.1" : "downsample.0", Conv(options),
                           shape.pools_shortcuts ? "downsample.2" : "downsample.1");
  }

  void add(const ConvOptions& options) {
    const std::string number = std::to_string(convs_.size() + 1);
    convs_.push_back(add_conv(*this, "conv" + number, Conv(options), "bn" + number));
  }

  bool averages_ = false, pools_shortcut_ = false;
  std::vector<Conv> convs_;
  SqueezeExcite squeeze_{nullptr};
  EfficientAttention efficient_{nullptr};
  Conv downsample_{nullptr};
};
TORCH_MODULE(Residual);

class ResNet : public Network {
 public:
  ResNet(const ResNetShape& shape, std::int64_t classes) : shape_(shape) {
    std::int64_t channels = shape.stem == ResNetStem::single ? 64 : shape.stem_channels;
    if (shape.stem == ResNetStem::single) {
      add_stem("conv1", "bn1", {.in = 3, .out = channels, .kernel = 7, .stride = 2});
    } else {
      const std::int64_t second = channels / 2;
      const std::int64_t first = shape.stem == ResNetStem::tiered ? 3 * (second / 4) : second;
      add_stem("conv1.0", "conv1.1", {.in = 3, .out = first, .kernel = 3, .stride = 2});
      add_stem("conv1.3", "conv1.4", {.in = first, .out = second, .kernel = 3});
      add_stem("conv1.6", "bn1", {.in = second, .out = channels, .kernel = 3});
    }
    if (shape.strided_pool)
      add_stem("maxpool.0", "maxpool.1", {.in = channels, .out = channels, .kernel = 3, .stride = 2});
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
    if (shape_.averages) check_halves(images);
    torch::Tensor x = images;
    for (Conv& conv : stem_) x = conv(x, Activation::relu);
    if (shape_.averages)
      x = torch::avg_pool2d(x, /*kernel_size=*/2);
    else if (!shape_.strided_pool)
      x = torch::max_pool2d(x, /*kernel_size=*/3, /*stride=*/2, /*padding=*/1);
    for (torch::nn::Sequential& stage : stages_) x = stage->forward(x);
    return x;
  }

  FeatureInfo feature_info() const override { return {.dim = head()->weight.size(1), .reduction = 32}; }

  void init() {
    if (shape_.attention == ChannelAttention::squeeze) init_by_fan_in(*this);  // its biases
    // He et al., arXiv:1502.01852. torch initialises batch norm as the identity.
    for (const auto& module : modules()) {
      if (const auto* conv = module->as<Conv>())
        torch::nn::init::kaiming_normal_(conv->weight, 0, torch::kFanOut, torch::kReLU);
      auto* block = module->as<ResidualImpl>();
      if (block != nullptr && shape_.zero_last) block->zero_last_norm();
    }
  }

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<ResNet>(shape_, head()->weight.size(0)); }

 private:
  // Where the mean of 2×2 positions would leave out a border that the shortcut keeps.
  void check_halves(const torch::Tensor& images) const {
    for (const std::int64_t side : {images.size(2), images.size(3)}) {
      if ((side + 1) / 2 / 2 % 8 == 0) continue;
      throw UsageError(name(), "cannot take images with a side of " + std::to_string(side) + " pixels",
                       "give sides that are multiples of 32");
    }
  }

  void add_stem(const std::string& name, const std::string& norm, const ConvOptions& options) {
    stem_.push_back(add_conv(*this, name, Conv(options), norm));
  }

  ResNetShape shape_;
  std::vector<Conv> stem_;
  std::vector<torch::nn::Sequential> stages_;
};

}  // namespace

NetworkPtr make_resnet(const ResNetShape& shape, std::int64_t classes, Init init) {
  auto network = std::make_shared<ResNet>(shape, classes);
  if (init == Init::random) network->init();
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

ModelSpec timm_resnet(const std::string& name, std::int64_t parameters, ResNetShape shape,
                      const std::string& twin = "", std::vector<std::string> lookalikes = {}) {
  shape.zero_last = true;
  ModelSpec spec = timm_model(name, "resnet", parameters, [shape](const NetworkOptions& o) {
    return make_resnet(shape, o.classes, o.init);
  });
  if (!twin.empty()) spec.twins = {twin};
  spec.lookalikes = std::move(lookalikes);
  return spec;
}

// Variants of a shape.
ResNetShape variant_c(ResNetShape shape) {
  shape.stem = ResNetStem::deep;
  return shape;
}
ResNetShape variant_s(ResNetShape shape) {
  shape.stem_channels = 128;
  return variant_c(shape);
}
ResNetShape variant_d(ResNetShape shape) {
  shape.pools_shortcuts = true;
  return variant_c(shape);
}
ResNetShape variant_t(ResNetShape shape) {
  shape = variant_d(shape);
  shape.stem = ResNetStem::tiered;
  return shape;
}
ResNetShape squeezed(ResNetShape shape, int ratio = 16) {
  shape.attention = ChannelAttention::squeeze;
  shape.squeeze = ratio;
  return shape;
}
ResNetShape efficient(ResNetShape shape) {
  shape.attention = ChannelAttention::efficient;
  return shape;
}
ResNetShape averaged(ResNetShape shape) {
  shape.averages = true;
  return shape;
}
ResNetShape revisited(ResNetShape shape) {
  shape = squeezed(variant_d(shape), 4);
  shape.strided_pool = true;
  return shape;
}
ResNetShape senet(ResNetShape shape) {
  shape = squeezed(variant_s(shape));
  shape.shortcut_kernel = 3;
  shape.reduction = 2;
  return shape;
}
ResNetShape light(ResNetShape shape) {
  shape.pools_shortcuts = true;
  return efficient(shape);
}

}  // namespace

std::vector<ModelSpec> resnet_models() {
  return {
      resnet("resnet18", 11'689'512, {{2, 2, 2, 2}}, {"resnetblur18"}),
      resnet("resnet34", 21'797'672, {{3, 4, 6, 3}}),
      resnet("resnet50", 25'557'032, {{3, 4, 6, 3}, true}, {"resnetblur50"}),
      resnet("resnet101", 44'549'160, {{3, 4, 23, 3}, true}),
      resnet("resnet152", 60'192'808, {{3, 8, 36, 3}, true}),
      resnet("wide_resnet50_2", 68'883'240, {{3, 4, 6, 3}, true, 1, 128}),
      resnet("wide_resnet101_2", 126'886'696, {{3, 4, 23, 3}, true, 1, 128}),
      resnet("resnext50_32x4d", 25'028'904, {{3, 4, 6, 3}, true, 32, 4}),
      resnet("resnext101_32x8d", 88'791'336, {{3, 4, 23, 3}, true, 32, 8}),
      resnet("resnext101_64x4d", 83'455'272, {{3, 4, 23, 3}, true, 64, 4}),
      timm_resnet("resnet10t", 5'435'488, variant_t({{1, 1, 1, 1}})),
      timm_resnet("resnet14t", 10'081'632, variant_t({{1, 1, 1, 1}, true})),
      timm_resnet("resnet18d", 11'708'744, variant_d({{2, 2, 2, 2}})),
      timm_resnet("resnet26", 15'995'176, {{2, 2, 2, 2}, true}),
      timm_resnet("resnet26d", 16'014'408, variant_d({{2, 2, 2, 2}, true})),
      timm_resnet("resnet26t", 16'011'872, variant_t({{2, 2, 2, 2}, true})),
      timm_resnet("resnet34d", 21'816'904, variant_d({{3, 4, 6, 3}}), "", {"resnetaa34d"}),
      timm_resnet("resnet50c", 25'576'264, variant_c({{3, 4, 6, 3}, true})),
      timm_resnet("resnet50d", 25'576'264, variant_d({{3, 4, 6, 3}, true}), "resnetaa50d", {"resnetblur50d"}),
      timm_resnet("resnet50s", 25'680'808, variant_s({{3, 4, 6, 3}, true})),
      timm_resnet("resnet101c", 44'568'392, variant_c({{3, 4, 23, 3}, true})),
      timm_resnet("resnet101d", 44'568'392, variant_d({{3, 4, 23, 3}, true}), "resnetaa101d",
                  {"resnetblur101d"}),
      timm_resnet("resnet101s", 44'672'936, variant_s({{3, 4, 23, 3}, true})),
      timm_resnet("resnet152c", 60'212'040, variant_c({{3, 8, 36, 3}, true})),
      timm_resnet("resnet152d", 60'212'040, variant_d({{3, 8, 36, 3}, true})),
      timm_resnet("resnet152s", 60'316'584, variant_s({{3, 8, 36, 3}, true})),
      timm_resnet("resnet200d", 64'693'064, variant_d({{3, 24, 36, 3}, true})),
      timm_resnet("resnetaa50", 25'557'032, averaged({{3, 4, 6, 3}, true}), "", {"resnetblur50"}),
      timm_resnet("resnetaa50d", 25'576'264, averaged(variant_d({{3, 4, 6, 3}, true})), "resnet50d",
                  {"resnetblur50d"}),
      timm_resnet("resnetaa101d", 44'568'392, averaged(variant_d({{3, 4, 23, 3}, true})), "resnet101d",
                  {"resnetblur101d"}),
      timm_resnet("resnext50d_32x4d", 25'048'136, variant_d({{3, 4, 6, 3}, true, 32, 4})),
      timm_resnet("resnext101_32x4d", 44'177'704, {{3, 4, 23, 3}, true, 32, 4}),
      timm_resnet("resnext101_32x16d", 194'026'792, {{3, 4, 23, 3}, true, 32, 16}),
      timm_resnet("resnext101_32x32d", 468'530'472, {{3, 4, 23, 3}, true, 32, 32}),
      timm_resnet("seresnet50", 28'088'024, squeezed({{3, 4, 6, 3}, true})),
      timm_resnet("seresnet152d", 66'841'080, squeezed(variant_d({{3, 8, 36, 3}, true}))),
      timm_resnet("seresnext26d_32x4d", 16'809'512, squeezed(variant_d({{2, 2, 2, 2}, true, 32, 4}))),
      timm_resnet("seresnext26t_32x4d", 16'806'976, squeezed(variant_t({{2, 2, 2, 2}, true, 32, 4}))),
      timm_resnet("seresnext50_32x4d", 27'559'896, squeezed({{3, 4, 6, 3}, true, 32, 4})),
      timm_resnet("seresnext101_32x4d", 48'955'416, squeezed({{3, 4, 23, 3}, true, 32, 4})),
      timm_resnet("seresnext101_32x8d", 93'569'048, squeezed({{3, 4, 23, 3}, true, 32, 8})),
      timm_resnet("seresnext101_64x4d", 88'232'984, squeezed({{3, 4, 23, 3}, true, 64, 4})),
      timm_resnet("seresnext101d_32x8d", 93'588'280, squeezed(variant_d({{3, 4, 23, 3}, true, 32, 8})),
                  "seresnextaa101d_32x8d"),
      timm_resnet("seresnextaa101d_32x8d", 93'588'280,
                  averaged(squeezed(variant_d({{3, 4, 23, 3}, true, 32, 8}))), "seresnext101d_32x8d"),
      timm_resnet("seresnextaa201d_32x8d", 149'394'904,
                  averaged(squeezed(variant_d(variant_s({{3, 24, 36, 4}, true, 32, 8}))))),
      timm_resnet("senet154", 115'088'984, senet({{3, 8, 36, 3}, true, 64, 4})),
      timm_resnet("ecaresnet26t", 16'011'916, efficient(variant_t({{2, 2, 2, 2}, true}))),
      timm_resnet("ecaresnet50d", 25'576'350, efficient(variant_d({{3, 4, 6, 3}, true}))),
      timm_resnet("ecaresnet50t", 25'573'814, efficient(variant_t({{3, 4, 6, 3}, true}))),
      timm_resnet("ecaresnet101d", 44'568'563, efficient(variant_d({{3, 4, 23, 3}, true}))),
      timm_resnet("ecaresnet269d", 102'093'077, efficient(variant_d({{3, 30, 48, 8}, true}))),
      timm_resnet("ecaresnetlight", 30'162'046, light({{1, 1, 11, 3}, true})),
      timm_resnet("resnetrs50", 35'691'912, revisited({{3, 4, 6, 3}, true})),
      timm_resnet("resnetrs101", 63'618'696, revisited({{3, 4, 23, 3}, true})),
      timm_resnet("resnetrs152", 86'621'576, revisited({{3, 8, 36, 3}, true})),
      timm_resnet("resnetrs200", 93'209'992, revisited({{3, 24, 36, 3}, true})),
      timm_resnet("resnetrs270", 129'861'448, revisited({{4, 29, 53, 4}, true})),
      timm_resnet("resnetrs350", 163'956'168, revisited({{4, 36, 72, 4}, true})),
      timm_resnet("resnetrs420", 191'891'656, revisited({{4, 44, 87, 4}, true})),
  };
}

}  // namespace graft
