// The config.json of timm's models on the Hugging Face hub, beside their weights. Internal.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "graft/data/preprocess.h"

namespace graft {

struct TimmConfig {
  std::string architecture = {};  // timm's name, as written
  // Of `pretrained_cfg`; empty if it states none that graft can compute.
  std::optional<Preprocess> preprocess = {};
  std::string pool = {};                // `global_pool` of `model_args`; empty if they state none
  std::vector<std::string> notes = {};  // why a stated preprocess is not used, for people
};

// The config.json in `folder`. Empty if there is none, or if it is not timm's: it states no `architecture`.
// Throws Error if a value of its input transform is invalid. `standard`: the values that are not stated, as
// in timm.data.resolve_data_config.
std::optional<TimmConfig> read_timm_config(const std::filesystem::path& folder, const Preprocess& standard);

}  // namespace graft
