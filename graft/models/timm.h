// The models of timm: what the lines of their families share. Internal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "graft/models/registry.h"

namespace graft {

// imagenet: the mean and deviation of ImageNet; half: both 0.5; clip: those of OpenAI's CLIP; zero_one: mean
// 0 and deviation 1.
enum class TimmNormalisation { imagenet, half, clip, zero_one };

// One entry of timm's pretrained configurations, whose repository on the Hugging Face hub is timm/MODEL.TAG.
struct TimmWeights {
  const char *model, *tag;
  int resize, crop;
  Fit fit;
  Interpolation interpolation;
  TimmNormalisation normalisation;
  const char* licence;
  std::int64_t classes;  // 0 for weights without a head
  const char* note;      // for people who load them
};

// All of them; for each model timm's default weights first.
const std::vector<TimmWeights>& timm_weights();

// The registry line of a model of timm, with its weights. The preprocess is that of the default weights.
ModelSpec timm_model(const std::string& name, const std::string& family, std::int64_t parameters,
                     std::function<NetworkPtr(const NetworkOptions& options)> build);

}  // namespace graft
