// The config.json of models on the Hugging Face hub, beside their weights: timm's and transformers'.
// Internal.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "graft/data/preprocess.h"
#include "graft/metrics/outcomes.h"

namespace graft {

struct HubConfig {
  // timm's name, as written; for transformers', the name in timm of the network that its values describe.
  std::string architecture = {};
  // The stated transform of evaluation; empty if none is stated that graft can compute.
  std::optional<Preprocess> preprocess = {};
  std::string pool = {};                  // timm's `global_pool` of `model_args`; empty if they state none
  std::vector<std::string> classes = {};  // the names of the outputs; empty if they are not stated
  std::optional<LabelKind> labels = {};   // what the outputs mean; empty if it is not stated
  std::vector<std::string> notes = {};    // what is stated and not used, for people
};

// The config.json in `folder`. Empty if there is none, or if it is another program's: it states neither
// timm's `architecture` nor transformers' `model_type`. Throws Error if a value of the network or of its
// input transform is invalid, or if graft does not have the network. `standard`: the values that are not
// stated, as in timm.data.resolve_data_config.
std::optional<HubConfig> read_hub_config(const std::filesystem::path& folder, const Preprocess& standard);

// The note that the transform in `where` has `what`, which graft does not support.
std::string unsupported_transform(const std::string& where, const std::string& what);

// The note that the names of the outputs in `where` are not used.
std::string unread_names(const std::string& where, const std::string& key);

// transformers' `problem_type`, which graft's exports for timm state too.
std::optional<LabelKind> labels_of_problem(const nlohmann::json& config);
const char* problem_type_of(LabelKind labels);

// A JSON file of at most a mebibyte; empty if it does not exist or is not an object. Throws Error if it is
// not JSON.
std::optional<nlohmann::json> read_hub_json(const std::filesystem::path& path);

}  // namespace graft
