#include "graft/models/hub_model.h"

#include <nlohmann/json.hpp>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/models/hub_config.h"
#include "graft/models/pretrained.h"
#include "graft/models/registry.h"
#include "graft/net/hf_hub.h"
#include "graft/run/run.h"
#include "graft/weights/state_dict.h"

namespace graft {

ModelAndWeights resolve_hub_model(const std::string& model, const std::string& weights,
                                  const ProgressCallback& progress) {
  if (!is_hub_name(model)) return {model, weights};
  const auto path = HubRepository(parse_hub_name(model)).file("config.json", progress);
  const auto config = path ? read_hub_config(path->parent_path(), {}) : std::nullopt;
  if (!config)
    throw Error(model,
                path ? "has a config.json that states neither timm's \"architecture\" nor transformers' "
                       "\"model_type\""
                     : "has no config.json",
                "give the network by name (`model`) and this repository as its weights (`weights`)");
  const ModelSpec* spec = find_by_stated_name(config->architecture);
  if (spec == nullptr) {
    std::vector<std::string> names;
    for (const ModelSpec& each : model_registry()) names.push_back(name_in_timm(each));
    throw UsageError(model, "is a " + shorten(config->architecture) + ", which graft does not have",
                     did_you_mean(config->architecture, names));
  }
  if (weights != "default" && weights != model)
    throw UsageError(model, "states the preprocessing of its own weights, and `weights` are others",
                     "use `model` " + spec->name + " with them; a copy of " + path->string() +
                         " beside their file gives them this preprocessing");
  return {spec->name, model};
}

std::filesystem::path fetch_hub_weights(const std::string& name, const ProgressCallback& progress) {
  HubRepository repository(parse_hub_name(name));
  const auto config = repository.file("config.json", progress);
  const auto json = config ? read_hub_json(*config) : std::nullopt;
  if (json && !json->contains("architecture")) repository.file("preprocessor_config.json", progress);
  for (const char* file : hub_weights_files) {
    if (auto path = repository.file(file, progress)) return *path;
  }
  if (is_hub_offline())
    throw Error(
        name,
        "has neither model.safetensors nor pytorch_model.bin in the cache, and HF_HUB_OFFLINE forbids "
        "downloads",
        "unset HF_HUB_OFFLINE, or copy the repository's cache there");
  throw Error(name, "has neither model.safetensors nor pytorch_model.bin", "give the weights as a file");
}

std::filesystem::path weights_file(const std::filesystem::path& path) {
  for (const char* name : hub_weights_files) {
    if (disk().info(path / name)) return path / name;
    const std::string index = std::string(name) + ".index.json";
    if (disk().info(path / index))
      throw Error(path.string(),
                  "has its weights in several files (" + index + "), which graft does not read",
                  one_file_advice);
  }
  return model_file(path);
}

}  // namespace graft
