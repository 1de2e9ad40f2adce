#include "graft/models/timm.h"

#include <utility>

namespace graft {
namespace {

Preprocess timm_preprocess(const TimmWeights& row) {
  Preprocess preprocess{.resize = row.resize, .crop = row.crop, .interpolation = row.interpolation};
  preprocess.fit = row.fit;
  if (row.normalisation == TimmNormalisation::half) preprocess.mean = preprocess.std = {0.5F, 0.5F, 0.5F};
  if (row.normalisation == TimmNormalisation::clip) {
    preprocess.mean = {0.48145466F, 0.4578275F, 0.40821073F};
    preprocess.std = {0.26862954F, 0.26130258F, 0.27577711F};
  }
  if (row.normalisation == TimmNormalisation::zero_one) {
    preprocess.mean = {0, 0, 0};
    preprocess.std = {1, 1, 1};
  }
  return preprocess;
}

}  // namespace

ModelSpec timm_model(const std::string& name, const std::string& family, std::int64_t parameters,
                     std::function<NetworkPtr(const NetworkOptions& options)> build) {
  ModelSpec spec{.name = name, .family = family, .parameters = parameters, .build = std::move(build)};
  for (const TimmWeights& row : timm_weights()) {
    if (row.model != name) continue;
    spec.pretrained.push_back({.name = row.tag,
                               .hub = "timm/" + name + "." + row.tag,
                               .source = "timm",
                               .licence = row.licence,
                               .preprocess = timm_preprocess(row),
                               .classes = row.classes,
                               .note = row.note});
  }
  spec.preprocess = spec.pretrained.front().preprocess;
  return spec;
}

}  // namespace graft
