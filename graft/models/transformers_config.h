// Repositories of the Python package transformers: config.json, preprocessor_config.json and the names of the
// tensors, for its ViT, DINOv2, ConvNeXt, ResNet and Swin models. Internal.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "graft/data/preprocess.h"
#include "graft/models/hub_config.h"
#include "graft/weights/state_dict.h"

namespace graft {

// `config`: the config.json in `folder`, with a `model_type`. Throws Error as read_hub_config() does.
HubConfig read_transformers_config(const nlohmann::json& config, const std::filesystem::path& folder,
                                   const Preprocess& standard);

// Gives tensors with transformers' names timm's names, and joins queries, keys and values. Other tensors do
// not change.
void rename_transformers_tensors(StateDict& state);

}  // namespace graft
