// The pretrained weights of torchvision and of timm, and what the registry lines of their models share.
// Internal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "graft/models/registry.h"

namespace graft {

// Mean and deviation. imagenet: those of ImageNet; half: both 0.5; bytes: values from 0 to 255 less their
// mean; clip: those of OpenAI's CLIP; zero_one: mean 0 and deviation 1; satellite: those of DINOv3's aerial
// images.
enum class Normalisation { imagenet, half, bytes, clip, zero_one, satellite };

// One entry of a `…_Weights` enumeration of torchvision. The name of its file ends in the first digits of its
// SHA-256.
struct TorchvisionWeights {
  const char *model, *name, *file;
  double mebibytes, top1;  // top1: 0 for weights without a head
  int resize, crop;
  Interpolation interpolation;
  Normalisation normalisation;
  const char* licence;
  std::int64_t classes;
};

// One entry of timm's pretrained configurations, whose repository on the Hugging Face hub is timm/MODEL.TAG.
struct TimmWeights {
  const char *model, *tag;
  int resize, crop;
  Fit fit;
  Interpolation interpolation;
  Normalisation normalisation;
  const char* licence;
  std::int64_t classes;  // 0 for weights without a head
  const char* note;      // for people who load them
};

// All of them; for each model the library's default weights first.
const std::vector<TorchvisionWeights>& torchvision_weights();
const std::vector<TimmWeights>& timm_weights();

// The registry line of a model of torchvision.models, with torchvision's weights. `first` names the default
// weights if they are not torchvision's. The preprocess is that of the default weights.
ModelSpec torchvision_model(const std::string& name, const std::string& family, std::int64_t parameters,
                            std::function<NetworkPtr(const NetworkOptions& options)> build,
                            const std::string& first = "");

// The registry line of a model that only timm has. The preprocess is that of its default weights.
ModelSpec timm_model(const std::string& name, const std::string& family, std::int64_t parameters,
                     std::function<NetworkPtr(const NetworkOptions& options)> build);

// ModelSpec::timm_name, or the name if that is the same.
const std::string& name_in_timm(const ModelSpec& spec);

// Adds the weights that timm has for the model, by its name in timm. Those of timm_model() have them.
void add_timm_weights(ModelSpec& spec);

}  // namespace graft
