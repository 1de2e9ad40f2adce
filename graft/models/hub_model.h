// Models of the Hugging Face hub, named "hf-hub:OWNER/NAME[@REVISION]" (graft/net/hf_hub.h).
#pragma once

#include <filesystem>
#include <string>

#include "graft/core/progress.h"

namespace graft {

// A model's name and its weights, as for build_with_weights().
struct ModelAndWeights {
  std::string model, weights;
};

// For a model of the hub: the registry's name of the architecture that its config.json states, and the hub's
// name as the weights. Any other model is returned unchanged. Throws UsageError for an architecture that
// graft does not have, with the nearest name, and for weights other than "default" and the repository's own,
// which would lose its preprocessing; Error if the repository cannot be read or is not timm's.
ModelAndWeights resolve_hub_model(const std::string& model, const std::string& weights,
                                  const ProgressCallback& progress = {});

// The file of a repository's weights: model.safetensors, else pytorch_model.bin. Its config.json, if any, is
// beside it. Throws Error if the repository has neither.
std::filesystem::path fetch_hub_weights(const std::string& name, const ProgressCallback& progress = {});

// The weights file in a folder: of a run, or of a repository of the hub; any other path unchanged. Throws
// Error for a folder without one, and for weights in several files.
std::filesystem::path weights_file(const std::filesystem::path& path);

}  // namespace graft
