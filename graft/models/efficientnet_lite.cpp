#include "graft/models/efficientnet_lite.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "graft/models/layers.h"

namespace graft {
namespace {

constexpr std::int64_t stem_channels = 32, last_channels = 1280;

struct Stage {
  int repeats;
  std::int64_t kernel, stride, expand, out;
};
constexpr std::array<Stage, 7> base_stages = {{{1, 3, 1, 1, 16},
                                               {2, 3, 2, 6, 24},
                                               {2, 5, 2, 6, 40},
                                               {3, 3, 2, 6, 80},
                                               {3, 5, 1, 6, 112},
                                               {4, 5, 2, 6, 192},
                                               {1, 3, 1, 6, 320}}};

// To a multiple of eight, never more than a tenth below.
std::int64_t scaled_channels(std::int64_t channels, double width) {
  const double wanted = static_cast<double>(channels) * width;
  const auto rounded = std::max<std::int64_t>(8, static_cast<std::int64_t>(wanted + 4) / 8 * 8);
  return static_cast<double>(rounded) < 0.9 * wanted ? rounded + 8 : rounded;
}

// The stages of a variant. The first and the last belong to stem and head: their depth is not scaled.
std::array<Stage, 7> scaled_stages(const EfficientNetLiteShape& shape) {
  std::array<Stage, 7> stages = base_stages;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    stages[i].out = scaled_channels(stages[i].out, shape.width);
    if (i > 0 && i + 1 < stages.size())
      stages[i].repeats = static_cast<int>(std::ceil(shape.depth * stages[i].repeats));
  }
  return stages;
}

torch::nn::BatchNorm2d batch_norm(std::int64_t channels) {
  return torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(channels).eps(1e-3).momentum(1 - 0.99));
}

// Stochastic depth (Huang et al., arXiv:1603.09382): leaves out a sample's block with probability `rate`.
torch::Tensor drop_samples(const torch::Tensor& x, double rate) {
  const auto keep = torch::rand({x.size(0), 1, 1, 1}, x.options()).add_(1 - rate).floor_();
  return x / (1 - rate) * keep;
}

struct BlockOptions {
  std::int64_t in = 0, out = 0, kernel = 3, stride = 1, expand = 1;
  double drop_rate = 0;
};

// An inverted residual: 1×1 to more channels, depthwise k×k, 1×1 back, beside a shortcut where the sizes
// agree.
class InvertedResidualImpl : public torch::nn::Module {
 public:
  explicit InvertedResidualImpl(const BlockOptions& o)
      : drop_rate_(o.drop_rate), shortcut_(o.stride == 1 && o.in == o.out) {
    const std::int64_t middle = o.in * o.expand;
    if (o.expand != 1) {
      expand_ = register_module("_expand_conv", SameConv(ConvOptions{.in = o.in, .out = middle}));
      expand_->followed_by(register_module("_bn0", batch_norm(middle)));
    }
    depthwise_ = register_module(
        "_depthwise_conv",
        SameConv(ConvOptions{
            .in = middle, .out = middle, .kernel = o.kernel, .stride = o.stride, .groups = middle}));
    depthwise_->followed_by(register_module("_bn1", batch_norm(middle)));
    project_ = register_module("_project_conv", SameConv(ConvOptions{.in = middle, .out = o.out}));
    project_->followed_by(register_module("_bn2", batch_norm(o.out)));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    torch::Tensor y = expand_ ? expand_(x, Activation::relu6) : x;
    y = depthwise_(y, Activation::relu6);
    if (!shortcut_) return project_(y);
    if (!is_training() || drop_rate_ == 0) return project_(y, Activation::none, x);
    return drop_samples(project_(y), drop_rate_).add_(x);
  }

 private:
  double drop_rate_;
  bool shortcut_;
  SameConv expand_{nullptr}, depthwise_{nullptr}, project_{nullptr};
};
TORCH_MODULE(InvertedResidual);

std::vector<BlockOptions> blocks_of(const EfficientNetLiteShape& shape) {
  std::vector<BlockOptions> blocks;
  std::int64_t channels = stem_channels;
  for (const Stage& stage : scaled_stages(shape)) {
    for (int i = 0; i < stage.repeats; ++i) {
      blocks.push_back({channels, stage.out, stage.kernel, i == 0 ? stage.stride : 1, stage.expand});
      channels = stage.out;
    }
  }
  for (std::size_t i = 0; i < blocks.size(); ++i)
    blocks[i].drop_rate = shape.drop_connect * static_cast<double>(i) / static_cast<double>(blocks.size());
  return blocks;
}

class EfficientNetLite : public Network {
 public:
  EfficientNetLite(const EfficientNetLiteShape& shape, std::int64_t classes) : dropout_(shape.dropout) {
    stem_ = register_module("_conv_stem",
                            SameConv(ConvOptions{.in = 3, .out = stem_channels, .kernel = 3, .stride = 2}));
    stem_->followed_by(register_module("_bn0", batch_norm(stem_channels)));
    const std::vector<BlockOptions> blocks = blocks_of(shape);
    for (const BlockOptions& block : blocks) blocks_->push_back(InvertedResidual(block));
    register_module("_blocks", blocks_);
    last_ =
        register_module("_conv_head", SameConv(ConvOptions{.in = blocks.back().out, .out = last_channels}));
    last_->followed_by(register_module("_bn1", batch_norm(last_channels)));
    add_head("_fc", last_channels, classes);
  }

  torch::Tensor feature_maps(const torch::Tensor& images) override {
    return last_(blocks_->forward(stem_(images, Activation::relu6)), Activation::relu6);
  }

  torch::Tensor classify(const torch::Tensor& features) override {
    return head()(torch::dropout(features, dropout_, is_training()));
  }

 private:
  double dropout_;
  SameConv stem_{nullptr}, last_{nullptr};
  torch::nn::Sequential blocks_;
};

}  // namespace

NetworkPtr make_efficientnet_lite(const EfficientNetLiteShape& shape, std::int64_t classes, Init init) {
  auto network = std::make_shared<EfficientNetLite>(shape, classes);
  if (init == Init::random) {
    // As torch.nn.Conv2d is initialised, which the package leaves as it is.
    for (const auto& module : network->modules()) {
      if (const auto* conv = module->as<SameConv>())
        torch::nn::init::kaiming_uniform_(conv->weight, std::sqrt(5.0));
    }
  }
  return network;
}

std::map<std::string, std::string> timm_layers(const EfficientNetLiteShape& shape) {
  std::map<std::string, std::string> layers = {{"conv_stem", "_conv_stem"},
                                               {"bn1", "_bn0"},
                                               {"conv_head", "_conv_head"},
                                               {"bn2", "_bn1"},
                                               {"classifier", "_fc"}};
  const std::map<std::string, std::string> separable = {
      {"conv_dw", "_depthwise_conv"}, {"bn1", "_bn1"}, {"conv_pw", "_project_conv"}, {"bn2", "_bn2"}};
  const std::map<std::string, std::string> inverted = {{"conv_pw", "_expand_conv"},    {"bn1", "_bn0"},
                                                       {"conv_dw", "_depthwise_conv"}, {"bn2", "_bn1"},
                                                       {"conv_pwl", "_project_conv"},  {"bn3", "_bn2"}};
  int number = 0;  // blocks are counted through all stages here, anew in each stage by timm
  const auto stages = scaled_stages(shape);
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    for (int block = 0; block < stages[stage].repeats; ++block, ++number) {
      const std::string theirs = "blocks." + std::to_string(stage) + "." + std::to_string(block) + ".";
      const std::string ours = "_blocks." + std::to_string(number) + ".";
      for (const auto& [their, our] : stages[stage].expand == 1 ? separable : inverted)
        layers[theirs + their] = ours + our;
    }
  }
  return layers;
}

}  // namespace graft
