#include "graft/models/pretrained.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace graft {
namespace {

void set_normalisation(Preprocess& preprocess, Normalisation normalisation) {
  switch (normalisation) {
    case Normalisation::imagenet:
      break;  // those of Preprocess
    case Normalisation::half:
      preprocess.mean = preprocess.std = {0.5F, 0.5F, 0.5F};
      break;
    case Normalisation::bytes:
      preprocess.mean = {0.48235F, 0.45882F, 0.40784F};
      preprocess.std = {1 / 255.0F, 1 / 255.0F, 1 / 255.0F};
      break;
    case Normalisation::clip:
      preprocess.mean = {0.48145466F, 0.4578275F, 0.40821073F};
      preprocess.std = {0.26862954F, 0.26130258F, 0.27577711F};
      break;
    case Normalisation::zero_one:
      preprocess.mean = {0, 0, 0};
      preprocess.std = {1, 1, 1};
      break;
    case Normalisation::satellite:
      preprocess.mean = {0.43F, 0.411F, 0.296F};
      preprocess.std = {0.213F, 0.156F, 0.143F};
      break;
  }
}

// "f37072fd" of "resnet18-f37072fd.pth"
std::string hash_in(const std::string& file) {
  const std::size_t start = file.rfind('-') + 1;
  return file.substr(start, file.rfind('.') - start);
}

PretrainedWeights weights_of(const TorchvisionWeights& row) {
  const std::string file = row.file;
  PretrainedWeights weights{
      .name = row.name,
      .download = {"https://download.pytorch.org/models/" + file, file, hash_in(file)},
      .source = "torchvision",
      .licence = row.licence,
      .mebibytes = row.mebibytes,
      .top1 = row.top1,
      .preprocess = {.resize = row.resize, .crop = row.crop, .interpolation = row.interpolation},
      .classes = row.classes};
  set_normalisation(weights.preprocess, row.normalisation);
  return weights;
}

// "timm/vit_base_patch32_clip_224.openai", which timm reads with both kinds of GELU.
std::string repository_of(const TimmWeights& row) {
  std::string model = row.model;
  if (const std::size_t at = model.find("_quickgelu"); at != std::string::npos)
    model.erase(at, std::string("_quickgelu").size());
  return "timm/" + model + '.' + row.tag;
}

PretrainedWeights weights_of(const TimmWeights& row) {
  PretrainedWeights weights{
      .name = row.tag,
      .hub = repository_of(row),
      .source = "timm",
      .licence = row.licence,
      .preprocess = {.resize = row.resize, .crop = row.crop, .interpolation = row.interpolation},
      .classes = row.classes,
      .note = row.note};
  weights.preprocess.fit = row.fit;
  set_normalisation(weights.preprocess, row.normalisation);
  return weights;
}

}  // namespace

ModelSpec torchvision_model(const std::string& name, const std::string& family, std::int64_t parameters,
                            std::function<NetworkPtr(const NetworkOptions& options)> build,
                            const std::string& first) {
  ModelSpec spec{.name = name,
                 .family = family,
                 .parameters = parameters,
                 .build = std::move(build),
                 .python_network = "torchvision.models." + name + "(num_classes={})"};
  for (const TorchvisionWeights& row : torchvision_weights()) {
    if (row.model == name) spec.pretrained.push_back(weights_of(row));
  }
  std::stable_partition(spec.pretrained.begin(), spec.pretrained.end(),
                        [&](const PretrainedWeights& each) { return each.name == first; });
  spec.preprocess = spec.pretrained.front().preprocess;
  return spec;
}

ModelSpec timm_model(const std::string& name, const std::string& family, std::int64_t parameters,
                     std::function<NetworkPtr(const NetworkOptions& options)> build) {
  ModelSpec spec{.name = name,
                 .family = family,
                 .parameters = parameters,
                 .build = std::move(build),
                 .python_network = "timm.create_model('" + name + "', num_classes={})"};
  add_timm_weights(spec);
  spec.preprocess = spec.pretrained.front().preprocess;
  return spec;
}

const std::string& name_in_timm(const ModelSpec& spec) {
  return spec.timm_name.empty() ? spec.name : spec.timm_name;
}

void add_timm_weights(ModelSpec& spec) {
  static const auto rows_of = [] {
    std::unordered_map<std::string, std::vector<const TimmWeights*>> rows;
    for (const TimmWeights& row : timm_weights()) rows[row.model].push_back(&row);
    return rows;
  }();
  const auto found = rows_of.find(name_in_timm(spec));
  if (found == rows_of.end()) return;
  for (const TimmWeights* row : found->second) spec.pretrained.push_back(weights_of(*row));
}

}  // namespace graft
