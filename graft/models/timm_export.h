// A model as a folder for timm: its tensors under timm's names, and timm's config.json. Internal.
#pragma once

#include <string>

#include "graft/models/model_file.h"
#include "graft/weights/state_dict.h"

namespace graft {

// The network's tensors under timm's names. Throws UsageError for a model that timm does not have, or whose
// network computes differently there (network_in_timm).
StateDict timm_state(const Network& network, const ModelSpec& spec);

// The config.json that timm.create_model("local-dir:FOLDER", pretrained=True) reads beside a
// model.safetensors: the network, its input transform and the classes. Throws UsageError as timm_state()
// does, and for a transform that timm cannot compute.
std::string timm_config(const Model& model);

// A README.md for the folder: how Python loads the model.
std::string timm_readme(const Model& model);

}  // namespace graft
