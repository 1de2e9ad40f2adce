// EfficientNet (Tan and Le, arXiv:1905.11946) and EfficientNetV2 (arXiv:2104.00298) as in torchvision.
// Parameter names, order and initialisation are those of torchvision.models.efficientnet.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/inverted_residual.h"
#include "graft/models/network.h"
#include "graft/models/torchvision.h"

namespace graft {
namespace {

enum class EfficientBlock { inverted, fused };

struct EfficientStage {
  EfficientBlock block;
  std::int64_t expand, kernel, stride, out;  // expand: multiplies the channels; stride: of the first block
  int blocks;
};

struct EfficientNetShape {
  std::int64_t stem;  // channels
  std::vector<EfficientStage> stages;
  std::int64_t last;  // channels
  double dropout;     // before the head
  NormOptions norm;
};

// The block of EfficientNetV2's first stages: one k×k convolution in place of the expansion and the depthwise
// one. Without an expansion it is that convolution alone, with an activation.
class FusedResidualImpl : public torch::nn::Module {
 public:
  explicit FusedResidualImpl(const InvertedResidualOptions& o)
      : has_shortcut_(o.stride == 1 && o.in == o.out) {
    const std::int64_t first_out = o.expands() ? o.middle : o.out;
    first_ = add_conv(*this, "block.0",
                      {.in = o.in, .out = first_out, .kernel = o.kernel, .stride = o.stride}, o.norm);
    if (o.expands()) project_ = add_conv(*this, "block.1", {.in = o.middle, .out = o.out}, o.norm);
    drop_path_ = register_module("drop_path", DropPath(o.drop_rate));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor y = first_(x, Activation::silu);
    if (!has_shortcut_) return project_ ? project_(y) : y;
    if (project_ && !drop_path_->drops()) return project_(y, Activation::none, x);
    return drop_path_(project_ ? project_(y) : y) + x;
  }

 private:
  bool has_shortcut_;
  Conv first_{nullptr}, project_{nullptr};
  DropPath drop_path_{nullptr};
};
TORCH_MODULE(FusedResidual);

class EfficientNet : public Network {
 public:
  EfficientNet(EfficientNetShape shape, std::int64_t classes) : shape_(std::move(shape)) {
    stem_ =
        add_conv(*this, "features.0", {.in = 3, .out = shape_.stem, .kernel = 3, .stride = 2}, shape_.norm);
    int total = 0, number = 0;
    for (const EfficientStage& stage : shape_.stages) total += stage.blocks;
    std::int64_t channels = shape_.stem;
    for (std::size_t i = 0; i < shape_.stages.size(); ++i) {
      const EfficientStage& stage = shape_.stages[i];
      for (int block = 0; block < stage.blocks; ++block) {
        add_block("features." + std::to_string(i + 1) + "." + std::to_string(block), stage.block,
                  {.in = channels,
                   .middle = channels * stage.expand,
                   .out = stage.out,
                   .kernel = stage.kernel,
                   .stride = block == 0 ? stage.stride : 1,
                   .activation = Activation::silu,
                   .squeeze = {.squeezed = channels / 4, .activation = Activation::silu},
                   .norm = shape_.norm,
                   .drop_rate = 0.2 * number++ / total});
        channels = stage.out;
      }
    }
    last_ = add_conv(*this, "features." + std::to_string(shape_.stages.size() + 1),
                     {.in = channels, .out = shape_.last}, shape_.norm);
    add_head("classifier.1", shape_.last, classes, shape_.dropout);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    return last_(blocks_->forward(stem_(images, Activation::silu)), Activation::silu);
  }

  FeatureInfo feature_info() const override { return {.dim = shape_.last, .reduction = 32}; }

 protected:
  NetworkPtr make_alike() const override {
    return std::make_shared<EfficientNet>(shape_, head()->weight.size(0));
  }

 private:
  void add_block(const std::string& name, EfficientBlock block, const InvertedResidualOptions& options) {
    if (block == EfficientBlock::fused)
      blocks_->push_back(add_layer(*this, name, FusedResidual(options)));
    else
      blocks_->push_back(add_layer(*this, name, InvertedResidual(options, numbered_names("block", options))));
  }

  EfficientNetShape shape_;
  Conv stem_{nullptr}, last_{nullptr};
  torch::nn::Sequential blocks_;  // registered one by one
};

// B0 scaled: `width` multiplies the channels, `depth` the blocks of a stage.
EfficientNetShape scaled_b0(double width, double depth, double dropout, const NormOptions& norm = {}) {
  constexpr auto inverted = EfficientBlock::inverted;
  EfficientNetShape shape = {.stem = multiple_of_8(32 * width),
                             .stages = {{inverted, 1, 3, 1, 16, 1},
                                        {inverted, 6, 3, 2, 24, 2},
                                        {inverted, 6, 5, 2, 40, 2},
                                        {inverted, 6, 3, 2, 80, 3},
                                        {inverted, 6, 5, 1, 112, 3},
                                        {inverted, 6, 5, 2, 192, 4},
                                        {inverted, 6, 3, 1, 320, 1}},
                             .last = 0,
                             .dropout = dropout,
                             .norm = norm};
  for (EfficientStage& stage : shape.stages) {
    stage.out = multiple_of_8(static_cast<double>(stage.out) * width);
    stage.blocks = static_cast<int>(std::ceil(stage.blocks * depth));
  }
  shape.last = 4 * shape.stages.back().out;
  return shape;
}

EfficientNetShape v2(std::int64_t stem, std::vector<EfficientStage> stages, double dropout) {
  return {stem, std::move(stages), 1280, dropout, {.eps = 1e-3}};
}

ModelSpec efficientnet(const std::string& name, std::int64_t parameters, const EfficientNetShape& shape) {
  return torchvision_model(name, "efficientnet", parameters, [shape](const NetworkOptions& o) -> NetworkPtr {
    auto network = std::make_shared<EfficientNet>(shape, o.classes);
    if (o.init == Init::none) return network;
    init_by_fan_out(*network);
    const double bound = 1 / std::sqrt(static_cast<double>(o.classes));
    torch::nn::init::uniform_(network->head()->weight, -bound, bound);
    torch::nn::init::zeros_(network->head()->bias);
    return network;
  });
}

}  // namespace

std::vector<ModelSpec> efficientnet_models() {
  constexpr auto inverted = EfficientBlock::inverted, fused = EfficientBlock::fused;
  const NormOptions slow = {.eps = 1e-3, .momentum = 0.01};
  return {
      efficientnet("efficientnet_b0", 5'288'548, scaled_b0(1.0, 1.0, 0.2)),
      efficientnet("efficientnet_b1", 7'794'184, scaled_b0(1.0, 1.1, 0.2)),
      efficientnet("efficientnet_b2", 9'109'994, scaled_b0(1.1, 1.2, 0.3)),
      efficientnet("efficientnet_b3", 12'233'232, scaled_b0(1.2, 1.4, 0.3)),
      efficientnet("efficientnet_b4", 19'341'616, scaled_b0(1.4, 1.8, 0.4)),
      efficientnet("efficientnet_b5", 30'389'784, scaled_b0(1.6, 2.2, 0.4, slow)),
      efficientnet("efficientnet_b6", 43'040'704, scaled_b0(1.8, 2.6, 0.5, slow)),
      efficientnet("efficientnet_b7", 66'347'960, scaled_b0(2.0, 3.1, 0.5, slow)),
      efficientnet("efficientnet_v2_s", 21'458'488,
                   v2(24,
                      {{fused, 1, 3, 1, 24, 2},
                       {fused, 4, 3, 2, 48, 4},
                       {fused, 4, 3, 2, 64, 4},
                       {inverted, 4, 3, 2, 128, 6},
                       {inverted, 6, 3, 1, 160, 9},
                       {inverted, 6, 3, 2, 256, 15}},
                      0.2)),
      efficientnet("efficientnet_v2_m", 54'139'356,
                   v2(24,
                      {{fused, 1, 3, 1, 24, 3},
                       {fused, 4, 3, 2, 48, 5},
                       {fused, 4, 3, 2, 80, 5},
                       {inverted, 4, 3, 2, 160, 7},
                       {inverted, 6, 3, 1, 176, 14},
                       {inverted, 6, 3, 2, 304, 18},
                       {inverted, 6, 3, 1, 512, 5}},
                      0.3)),
      efficientnet("efficientnet_v2_l", 118'515'272,
                   v2(32,
                      {{fused, 1, 3, 1, 32, 4},
                       {fused, 4, 3, 2, 64, 7},
                       {fused, 4, 3, 2, 96, 7},
                       {inverted, 4, 3, 2, 192, 10},
                       {inverted, 6, 3, 1, 224, 19},
                       {inverted, 6, 3, 2, 384, 25},
                       {inverted, 6, 3, 1, 640, 7}},
                      0.4)),
  };
}

}  // namespace graft
