// ConvNeXt (Liu et al., arXiv:2201.03545). Parameter names, order and initialisation are those of
// torchvision.models.convnext.
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/layers.h"
#include "graft/models/pretrained.h"
#include "graft/models/transformer.h"

namespace graft {
namespace {

constexpr double convnext_eps = 1e-6;  // of its layer norms

struct ConvNextShape {
  std::array<int, 4> depths = {};  // blocks of each stage
  std::int64_t width = 96;         // channels of the first stage; each later stage has twice as many
  double drop_path = 0;            // stochastic depth of the last block
};

// A depthwise 7×7 convolution, layer norm and a perceptron over the channels of each position, with a
// shortcut.
class ConvNextBlockImpl : public torch::nn::Module {
 public:
  ConvNextBlockImpl(std::int64_t channels, double drop_rate) {
    constexpr double initial_scale = 1e-6;
    layer_scale_ = register_parameter("layer_scale", torch::full({channels, 1, 1}, initial_scale));
    depthwise_ = add_layer(
        *this, "block.0",
        Conv(ConvOptions{.in = channels, .out = channels, .kernel = 7, .groups = channels, .bias = true}));
    norm_ = add_layer(*this, "block.2", layer_norm(channels, convnext_eps));
    expand_ = add_layer(*this, "block.3", Dense(channels, 4 * channels));
    project_ = add_layer(*this, "block.5", Dense(4 * channels, channels));
    drop_path_ = register_module("drop_path", DropPath(drop_rate));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor y = norm_(depthwise_(x).permute({0, 2, 3, 1}));
    const torch::Tensor maps = project_(expand_(y, Activation::gelu)).permute({0, 3, 1, 2});
    if (drop_path_->drops()) return drop_path_(layer_scale_ * maps).add_(x);
    return torch::addcmul(x, maps, layer_scale_);
  }

 private:
  torch::Tensor layer_scale_;
  Conv depthwise_{nullptr};
  torch::nn::LayerNorm norm_{nullptr};
  Dense expand_{nullptr}, project_{nullptr};
  DropPath drop_path_{nullptr};
};
TORCH_MODULE(ConvNextBlock);

class ConvNext : public Network {
 public:
  ConvNext(const ConvNextShape& shape, std::int64_t classes) : Network("ConvNeXt"), shape_(shape) {
    stem_ = add_conv(*this, "features.0.0", patch_conv(3, shape.width, 4), "features.0.1",
                     {NormKind::layer, convnext_eps});
    int blocks = -1;  // less one
    for (const int depth : shape.depths) blocks += depth;
    std::int64_t channels = shape.width;
    int number = 0;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      Stage& stage = stages_[i];
      if (i > 0) {
        const std::string name = "features." + std::to_string(2 * i);
        stage.norm = add_layer(*this, name + ".0", ChannelNorm(channels, convnext_eps));
        stage.downsample = add_layer(*this, name + ".1", patch_conv(channels, 2 * channels, 2));
        channels *= 2;
      }
      const std::string name = "features." + std::to_string(2 * i + 1) + ".";
      for (int block = 0; block < shape.depths[i]; ++block, ++number) {
        stage.blocks.push_back(add_layer(*this, name + std::to_string(block),
                                         ConvNextBlock(channels, shape.drop_path * number / blocks)));
      }
    }
    norm_ = add_layer(*this, "classifier.0", layer_norm(channels, convnext_eps));
    add_head("classifier.2", channels, classes);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    check_image_size(images, feature_info().reduction);
    torch::Tensor x = stem_(images);
    for (Stage& stage : stages_) {
      if (stage.downsample) x = stage.downsample(stage.norm(x));
      for (ConvNextBlock& block : stage.blocks) x = block(x);
    }
    return x;
  }

  FeatureInfo feature_info() const override { return {.dim = head()->weight.size(1), .reduction = 32}; }

  std::set<std::string> no_weight_decay() const override {
    std::set<std::string> names;
    for (const auto& item : named_parameters()) {
      if (item.key().ends_with("layer_scale")) names.insert(item.key());
    }
    return names;
  }

 protected:
  torch::Tensor pool(const torch::Tensor& features) override { return norm_(Network::pool(features)); }
  NetworkPtr make_alike() const override {
    return std::make_shared<ConvNext>(shape_, head()->weight.size(0));
  }

 private:
  struct Stage {
    ChannelNorm norm{nullptr};
    Conv downsample{nullptr};  // null in the first stage
    std::vector<ConvNextBlock> blocks;
  };

  ConvNextShape shape_;
  Conv stem_{nullptr};
  std::array<Stage, 4> stages_;
  torch::nn::LayerNorm norm_{nullptr};
};

ModelSpec convnext(const std::string& name, std::int64_t parameters, const ConvNextShape& shape) {
  return torchvision_model(name, "convnext", parameters, [shape](const NetworkOptions& o) -> NetworkPtr {
    auto network = std::make_shared<ConvNext>(shape, o.classes);
    if (o.init == Init::random) init_normal(*network, 0.02);
    return network;
  });
}

}  // namespace

std::vector<ModelSpec> convnext_models() {
  return {
      convnext("convnext_tiny", 28'589'128, {{3, 3, 9, 3}, 96, 0.1}),
      convnext("convnext_small", 50'223'688, {{3, 3, 27, 3}, 96, 0.4}),
      convnext("convnext_base", 88'591'464, {{3, 3, 27, 3}, 128, 0.5}),
      convnext("convnext_large", 197'767'336, {{3, 3, 27, 3}, 192, 0.5}),
  };
}

}  // namespace graft
