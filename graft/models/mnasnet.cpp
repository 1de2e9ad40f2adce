// MNASNet as in torchvision (Tan et al., arXiv:1807.11626; variant B1, without squeeze-and-excitation).
// Parameter names, order and initialisation are those of torchvision.models.mnasnet.
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/inverted_residual.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"

namespace graft {
namespace {

constexpr NormOptions mnasnet_norm = {.momentum = 1 - 0.9997};

std::int64_t mnasnet_channels(std::int64_t channels, double width) {
  return multiple_of_8(static_cast<double>(channels) * width);
}

// width: multiplies the channels.
std::vector<StagedBlock> mnasnet_blocks(double width) {
  std::vector<InvertedResidualStage> stages = {{3, 3, 2, 24, 3}, {3, 5, 2, 40, 3},  {6, 5, 2, 80, 3},
                                               {6, 3, 1, 96, 2}, {6, 5, 2, 192, 4}, {6, 3, 1, 320, 1}};
  for (InvertedResidualStage& stage : stages) stage.out = mnasnet_channels(stage.out, width);
  return blocks_of(stages, mnasnet_channels(16, width), {.norm = mnasnet_norm});
}

// The numbers of "layers" count a convolution, its norm and an activation.
StagedNames mnasnet_names() {
  return {.stem = {"layers.0", "layers.1"},
          .block =
              [](const StagedBlock& block) {
                return "layers." + std::to_string(8 + block.stage) + "." +
                       std::to_string(block.number_in_stage);
              },
          .layers =
              [](const InvertedResidualOptions&) {
                return InvertedResidualNames{.expand = {"layers.0", "layers.1"},
                                             .depthwise = {"layers.3", "layers.4"},
                                             .project = {"layers.6", "layers.7"}};
              },
          .last = {"layers.14", "layers.15"},
          .head = "classifier.1"};
}

class MnasNet : public Network {
 public:
  MnasNet(double width, std::int64_t classes) : width_(width) {
    const StagedNames names = mnasnet_names();
    const auto add = [&](const ConvNames& name, const ConvOptions& options) {
      return add_conv(*this, name.conv, Conv(options), name.norm, mnasnet_norm);
    };
    const std::int64_t first = mnasnet_channels(32, width), second = mnasnet_channels(16, width);
    stem_ = add(names.stem, {.in = 3, .out = first, .kernel = 3, .stride = 2});
    depthwise_ = add({"layers.3", "layers.4"}, {.in = first, .out = first, .kernel = 3, .groups = first});
    project_ = add({"layers.6", "layers.7"}, {.in = first, .out = second});
    const auto blocks = mnasnet_blocks(width);
    for (const StagedBlock& block : blocks) blocks_->push_back(add_block(*this, names, block));
    last_ = add(names.last, {.in = blocks.back().options.out, .out = last_channels});
    add_head(names.head, last_channels, classes, 0.2);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    const torch::Tensor x = depthwise_(stem_(images, Activation::relu), Activation::relu);
    return last_(blocks_->forward(project_(x)), Activation::relu);
  }

  FeatureInfo feature_info() const override { return {.dim = last_channels, .reduction = 32}; }

 protected:
  NetworkPtr make_alike() const override { return std::make_shared<MnasNet>(width_, head()->weight.size(0)); }

 private:
  static constexpr std::int64_t last_channels = 1280;
  double width_;
  Conv stem_{nullptr}, depthwise_{nullptr}, project_{nullptr}, last_{nullptr};
  torch::nn::Sequential blocks_;  // registered one by one
};

std::map<std::string, std::string> timm_mnasnet_names(double width) {
  // The first stage is the separable convolution after the stem.
  StagedNames timm = timm_staged_names();
  timm.block = [](const StagedBlock& block) {
    return "blocks." + std::to_string(block.stage + 1) + "." + std::to_string(block.number_in_stage);
  };
  auto names = renames(mnasnet_blocks(width), timm, mnasnet_names());
  names["blocks.0.0.conv_dw"] = "layers.3";
  names["blocks.0.0.bn1"] = "layers.4";
  names["blocks.0.0.conv_pw"] = "layers.6";
  names["blocks.0.0.bn2"] = "layers.7";
  return names;
}

ModelSpec mnasnet(const std::string& name, std::int64_t parameters, double width,
                  const char* timm_name = nullptr) {
  const auto build = [width](const NetworkOptions& o) -> NetworkPtr {
    auto network = std::make_shared<MnasNet>(width, o.classes);
    if (o.init == Init::none) return network;
    init_by_fan_out(*network);
    const double bound = std::sqrt(3 / static_cast<double>(o.classes));
    torch::nn::init::uniform_(network->head()->weight, -bound, bound);
    torch::nn::init::zeros_(network->head()->bias);
    return network;
  };
  ModelSpec spec = torchvision_model(name, "mnasnet", parameters, build);
  spec.python_version = 2;  // version 1 has an unscaled stem
  if (timm_name == nullptr) return spec;
  spec.timm_name = timm_name;
  spec.other_names = timm_mnasnet_names(width);
  return spec;
}

}  // namespace

std::vector<ModelSpec> mnasnet_models() {
  return {mnasnet("mnasnet0_5", 2'218'512, 0.5, "mnasnet_050"),
          mnasnet("mnasnet0_75", 3'170'208, 0.75, "mnasnet_075"),
          mnasnet("mnasnet1_0", 4'383'312, 1.0, "mnasnet_100"), mnasnet("mnasnet1_3", 6'282'256, 1.3)};
}

}  // namespace graft
