#include "graft/models/torchvision.h"

#include <algorithm>
#include <utility>

namespace graft {
namespace {

Preprocess preprocess_of(const TorchvisionWeights& row) {
  Preprocess preprocess{.resize = row.resize, .crop = row.crop, .interpolation = row.interpolation};
  if (row.normalisation == TorchvisionNormalisation::half)
    preprocess.mean = preprocess.std = {0.5F, 0.5F, 0.5F};
  if (row.normalisation == TorchvisionNormalisation::bytes) {
    preprocess.mean = {0.48235F, 0.45882F, 0.40784F};
    preprocess.std = {1 / 255.0F, 1 / 255.0F, 1 / 255.0F};
  }
  return preprocess;
}

// "f37072fd" of "resnet18-f37072fd.pth"
std::string hash_in(const std::string& file) {
  const std::size_t start = file.rfind('-') + 1;
  return file.substr(start, file.rfind('.') - start);
}

PretrainedWeights weights_of(const TorchvisionWeights& row) {
  const std::string file = row.file;
  return {.name = row.name,
          .download = {"https://download.pytorch.org/models/" + file, file, hash_in(file)},
          .source = "torchvision",
          .licence = row.licence,
          .mebibytes = row.mebibytes,
          .top1 = row.top1,
          .preprocess = preprocess_of(row),
          .classes = row.classes};
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

}  // namespace graft
