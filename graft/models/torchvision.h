// The models of torchvision: what the lines of their families share. Internal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "graft/models/registry.h"

namespace graft {

// imagenet: the mean and deviation of ImageNet; half: both 0.5; bytes: values from 0 to 255 less their mean.
enum class TorchvisionNormalisation { imagenet, half, bytes };

// One entry of a `…_Weights` enumeration of torchvision. The name of its file ends in the first digits of its
// SHA-256.
struct TorchvisionWeights {
  const char *model, *name, *file;
  double mebibytes, top1;  // top1: 0 for weights without a head
  int resize, crop;
  Interpolation interpolation;
  TorchvisionNormalisation normalisation;
  const char* licence;
  std::int64_t classes;
};

// All of them; for each model its default weights first.
const std::vector<TorchvisionWeights>& torchvision_weights();

// The registry line of a model of torchvision.models, with its weights. `first` names the default weights if
// they are not torchvision's. The preprocess is that of the default weights.
ModelSpec torchvision_model(const std::string& name, const std::string& family, std::int64_t parameters,
                            std::function<NetworkPtr(const NetworkOptions& options)> build,
                            const std::string& first = "");

}  // namespace graft
