// EfficientNet (Tan and Le, arXiv:1905.11946) and EfficientNetV2 (arXiv:2104.00298) as in torchvision.
// Parameter names, order and initialisation are those of torchvision.models.efficientnet.
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/inverted_residual.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"

namespace graft {
namespace {

struct EfficientNetShape {
  std::int64_t stem;  // channels
  std::vector<InvertedResidualStage> stages;
  int fused;          // the first stages whose blocks are FusedResidual
  std::int64_t last;  // channels
  double dropout;     // before the head
  NormOptions norm;
};

std::vector<StagedBlock> efficientnet_blocks(const EfficientNetShape& shape) {
  auto blocks = blocks_of(shape.stages, shape.stem,
                          {.activation = Activation::silu,
                           .squeeze = {.activation = Activation::silu},
                           .norm = shape.norm,
                           .drop_rate = 0.2});
  for (StagedBlock& block : blocks) block.options.squeeze.squeezed = block.options.in / 4;
  return blocks;
}

// Of B0 to B7; the last convolution's number follows that of the last stage.
StagedNames efficientnet_names() {
  return {.stem = {"features.0.0", "features.0.1"},
          .block =
              [](const StagedBlock& block) {
                return "features." + std::to_string(block.stage + 1) + "." +
                       std::to_string(block.number_in_stage);
              },
          .layers = [](const InvertedResidualOptions& block) { return numbered_names("block", block); },
          .last = {"features.8.0", "features.8.1"},
          .head = "classifier.1"};
}

InvertedResidualNames fused_names(const InvertedResidualOptions& block) {
  InvertedResidualNames names = {.expand = {"block.0.0", "block.0.1"}};
  if (block.expands()) names.project = {"block.1.0", "block.1.1"};
  return names;
}

class EfficientNet : public Network {
 public:
  EfficientNet(EfficientNetShape shape, std::int64_t classes) : shape_(std::move(shape)) {
    const StagedNames names = efficientnet_names();
    stem_ =
        add_conv(*this, "features.0", {.in = 3, .out = shape_.stem, .kernel = 3, .stride = 2}, shape_.norm);
    const auto blocks = efficientnet_blocks(shape_);
    for (const StagedBlock& block : blocks) {
      if (block.stage < shape_.fused)
        blocks_->push_back(
            add_layer(*this, names.block(block), FusedResidual(block.options, fused_names(block.options))));
      else
        blocks_->push_back(add_block(*this, names, block));
    }
    last_ = add_conv(*this, "features." + std::to_string(shape_.stages.size() + 1),
                     {.in = blocks.back().options.out, .out = shape_.last}, shape_.norm);
    add_head(names.head, shape_.last, classes, shape_.dropout);
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
  EfficientNetShape shape_;
  Conv stem_{nullptr}, last_{nullptr};
  torch::nn::Sequential blocks_;  // registered one by one
};

// B0 scaled: `width` multiplies the channels, `depth` the blocks of a stage.
EfficientNetShape scaled_b0(double width, double depth, double dropout, const NormOptions& norm = {}) {
  EfficientNetShape shape = {.stem = multiple_of_8(32 * width),
                             .stages = {{1, 3, 1, 16, 1},
                                        {6, 3, 2, 24, 2},
                                        {6, 5, 2, 40, 2},
                                        {6, 3, 2, 80, 3},
                                        {6, 5, 1, 112, 3},
                                        {6, 5, 2, 192, 4},
                                        {6, 3, 1, 320, 1}},
                             .fused = 0,
                             .last = 0,
                             .dropout = dropout,
                             .norm = norm};
  for (InvertedResidualStage& stage : shape.stages) {
    stage.out = multiple_of_8(static_cast<double>(stage.out) * width);
    stage.blocks = static_cast<int>(std::ceil(stage.blocks * depth));
  }
  shape.last = 4 * shape.stages.back().out;
  return shape;
}

EfficientNetShape efficientnet_v2(std::int64_t stem, std::vector<InvertedResidualStage> stages,
                                  double dropout) {
  return {stem, std::move(stages), 3, 1280, dropout, {.eps = 1e-3}};
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

// B0 to B4, which compute as timm's; timm's B5 to B7 and V2 have another epsilon.
ModelSpec timm_efficientnet(const std::string& name, std::int64_t parameters,
                            const EfficientNetShape& shape) {
  ModelSpec spec = efficientnet(name, parameters, shape);
  spec.other_names = renames(efficientnet_blocks(shape), timm_staged_names(), efficientnet_names());
  spec.twins = {"tf_" + name};
  spec.lookalikes = {"tf_" + name + "_ap",
                     "tf_" + name + "_ns"};  // timm's earlier names of the twin's weights
  if (name == "efficientnet_b0") spec.lookalikes.emplace_back("efficientnet_blur_b0");
  return spec;
}

}  // namespace

std::vector<ModelSpec> efficientnet_models() {
  const NormOptions slow = {.eps = 1e-3, .momentum = 0.01};
  return {
      timm_efficientnet("efficientnet_b0", 5'288'548, scaled_b0(1.0, 1.0, 0.2)),
      timm_efficientnet("efficientnet_b1", 7'794'184, scaled_b0(1.0, 1.1, 0.2)),
      timm_efficientnet("efficientnet_b2", 9'109'994, scaled_b0(1.1, 1.2, 0.3)),
      timm_efficientnet("efficientnet_b3", 12'233'232, scaled_b0(1.2, 1.4, 0.3)),
      timm_efficientnet("efficientnet_b4", 19'341'616, scaled_b0(1.4, 1.8, 0.4)),
      efficientnet("efficientnet_b5", 30'389'784, scaled_b0(1.6, 2.2, 0.4, slow)),
      efficientnet("efficientnet_b6", 43'040'704, scaled_b0(1.8, 2.6, 0.5, slow)),
      efficientnet("efficientnet_b7", 66'347'960, scaled_b0(2.0, 3.1, 0.5, slow)),
      efficientnet("efficientnet_v2_s", 21'458'488,
                   efficientnet_v2(24,
                                   {{1, 3, 1, 24, 2},
                                    {4, 3, 2, 48, 4},
                                    {4, 3, 2, 64, 4},
                                    {4, 3, 2, 128, 6},
                                    {6, 3, 1, 160, 9},
                                    {6, 3, 2, 256, 15}},
                                   0.2)),
      efficientnet("efficientnet_v2_m", 54'139'356,
                   efficientnet_v2(24,
                                   {{1, 3, 1, 24, 3},
                                    {4, 3, 2, 48, 5},
                                    {4, 3, 2, 80, 5},
                                    {4, 3, 2, 160, 7},
                                    {6, 3, 1, 176, 14},
                                    {6, 3, 2, 304, 18},
                                    {6, 3, 1, 512, 5}},
                                   0.3)),
      efficientnet("efficientnet_v2_l", 118'515'272,
                   efficientnet_v2(32,
                                   {{1, 3, 1, 32, 4},
                                    {4, 3, 2, 64, 7},
                                    {4, 3, 2, 96, 7},
                                    {4, 3, 2, 192, 10},
                                    {6, 3, 1, 224, 19},
                                    {6, 3, 2, 384, 25},
                                    {6, 3, 1, 640, 7}},
                                   0.4)),
  };
}

}  // namespace graft
