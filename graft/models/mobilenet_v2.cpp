// MobileNetV2 as in torchvision (Sandler et al., arXiv:1801.04381). Parameter names, order and initialisation
// are those of torchvision.models.mobilenet_v2.
#include <memory>
#include <string>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/inverted_residual.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"

namespace graft {
namespace {

std::vector<StagedBlock> mobilenet_v2_blocks() {
  return blocks_of({{1, 3, 1, 16, 1},
                    {6, 3, 2, 24, 2},
                    {6, 3, 2, 32, 3},
                    {6, 3, 2, 64, 4},
                    {6, 3, 1, 96, 3},
                    {6, 3, 2, 160, 3},
                    {6, 3, 1, 320, 1}},
                   32, {.activation = Activation::relu6});
}

StagedNames mobilenet_v2_names() {
  return {
      .stem = {"features.0.0", "features.0.1"},
      .block = [](const StagedBlock& block) { return "features." + std::to_string(block.number + 1); },
      .layers =
          [](const InvertedResidualOptions& block) {
            InvertedResidualNames names = numbered_names("conv", block);
            // Not in a module of their own.
            names.project = block.expands() ? ConvNames{"conv.2", "conv.3"} : ConvNames{"conv.1", "conv.2"};
            return names;
          },
      .last = {"features.18.0", "features.18.1"},
      .head = "classifier.1"};
}

class MobileNetV2 : public Network {
 public:
  explicit MobileNetV2(std::int64_t classes) {
    const StagedNames names = mobilenet_v2_names();
    stem_ = add_conv(*this, "features.0", {.in = 3, .out = 32, .kernel = 3, .stride = 2});
    for (const StagedBlock& block : mobilenet_v2_blocks()) blocks_->push_back(add_block(*this, names, block));
    last_ = add_conv(*this, "features.18", {.in = 320, .out = last_channels});
    add_head(names.head, last_channels, classes, 0.2);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    return last_(blocks_->forward(stem_(images, Activation::relu6)), Activation::relu6);
  }

  FeatureInfo feature_info() const override { return {.dim = last_channels, .reduction = 32}; }

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<MobileNetV2>(head()->weight.size(0)); }

 private:
  static constexpr std::int64_t last_channels = 1280;

  Conv stem_{nullptr}, last_{nullptr};
  torch::nn::Sequential blocks_;  // registered one by one
};

NetworkPtr make_mobilenet_v2(const NetworkOptions& options) {
  auto network = std::make_shared<MobileNetV2>(options.classes);
  if (options.init == Init::none) return network;
  init_by_fan_out(*network);
  torch::nn::init::normal_(network->head()->weight, 0, 0.01);
  torch::nn::init::zeros_(network->head()->bias);
  return network;
}

}  // namespace

std::vector<ModelSpec> mobilenet_v2_models() {
  ModelSpec spec = torchvision_model("mobilenet_v2", "mobilenet_v2", 3'504'872, make_mobilenet_v2);
  spec.timm_name = "mobilenetv2_100";
  spec.other_names = renames(mobilenet_v2_blocks(), timm_staged_names(), mobilenet_v2_names());
  return {spec};
}

}  // namespace graft
