#include "graft/models/registry.h"

#include <fnmatch.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/models/families.h"
#include "graft/models/joined.h"
#include "graft/models/load.h"
#include "graft/models/network.h"
#include "graft/models/pretrained.h"
#include "graft/net/hf_hub.h"
#include "graft/weights/state_dict.h"

namespace graft {
namespace {

std::deque<ModelSpec> all_models() {
  std::deque<ModelSpec> models;
  const auto add = [&](std::vector<ModelSpec> family) {
    for (ModelSpec& model : family) models.push_back(std::move(model));
  };
  add(resnet_models());
  add(efficientnet_lite_models());
  add(alexnet_models());
  add(convnext_models());
  add(densenet_models());
  add(efficientnet_models());
  add(inception_models());
  add(maxvit_models());
  add(mnasnet_models());
  add(mobilenet_v2_models());
  add(mobilenet_v3_models());
  add(regnet_models());
  add(shufflenet_v2_models());
  add(squeezenet_models());
  add(swin_models());
  add(vgg_models());
  add(vit_models());
  add(timm_vit_models());
  add(eva_models());
  add(timm_efficientnet_models());
  // timm's weights of a name are for the network that has it in timm, which may be another than
  // torchvision's.
  std::set<std::string> timm_names;
  for (const ModelSpec& model : models) timm_names.insert(model.timm_name);
  for (ModelSpec& model : models) {
    const bool has_them = !model.pretrained.empty() && !model.pretrained.front().hub.empty();
    if (!has_them && (!model.timm_name.empty() || !timm_names.contains(model.name))) add_timm_weights(model);
  }
  return models;
}

// Checks the weights of a program's own model.
void check_pretrained(const ModelSpec& spec) {
  std::set<std::string> names = {"", "default", "none"};
  for (const PretrainedWeights& each : spec.pretrained) {
    if (!names.insert(each.name).second)
      throw UsageError("register_model", spec.name + " cannot have weights named \"" + each.name + "\"",
                       "give each its own name, other than default and none");
    check_preprocess(each.preprocess, spec.name + " " + each.name);
  }
}

std::deque<ModelSpec>& registered() {
  static std::deque<ModelSpec> models = all_models();
  return models;
}

// The model with this name in timm, or else this name here. Both names are compared in the form that
// `spelling` gives.
const ModelSpec* find_in_timm(const std::string& name, std::string (*spelling)(const std::string&)) {
  for (const ModelSpec& spec : model_registry()) {
    if (!spec.timm_name.empty() && spelling(spec.timm_name) == name) return &spec;
  }
  for (const ModelSpec& spec : model_registry()) {
    if (spec.timm_name.empty() && spelling(spec.name) == name) return &spec;
  }
  return nullptr;
}

std::string advice_for_pattern(const std::string& pattern, const std::vector<std::string>& names) {
  const auto holds = [&](const std::string& name) { return name.find(pattern) != std::string::npos; };
  if (std::any_of(names.begin(), names.end(), holds))
    return "\"*" + printable(pattern) + "*\" fits names that contain it";
  return did_you_mean(pattern, names);
}

}  // namespace

const std::deque<ModelSpec>& model_registry() { return registered(); }

void register_model(ModelSpec spec) {
  const std::string where = "register_model";
  const auto& models = model_registry();
  if (spec.name.empty()) throw UsageError(where, "the name is empty", "choose a name");
  const bool is_taken = std::any_of(models.begin(), models.end(), [&](const ModelSpec& other) {
    return other.name == spec.name || other.timm_name == spec.name;
  });
  if (is_taken) throw UsageError(where, "the name \"" + spec.name + "\" is taken", "choose another name");
  check_preprocess(spec.preprocess, spec.name);
  check_pretrained(spec);
  const NetworkPtr network = spec.build ? spec.build({.init = Init::none}) : nullptr;
  if (network == nullptr)
    throw UsageError(where, spec.name + " has no `build`, or its `build` returns no network",
                     "return a network from it");
  if (network->head().is_empty())
    throw UsageError(where, spec.name + " has no head", "call add_head() at the end of its constructor");
  check_groups(*network);
  if (spec.family.empty()) spec.family = spec.name;
  if (spec.parameters == 0) spec.parameters = count_parameters(*network);
  registered().push_back(std::move(spec));
}

std::string python_network_of(const ModelSpec& spec, std::size_t classes, int size) {
  std::string text = spec.python_network;
  const auto put = [&](const std::string& field, const std::string& value) {
    for (std::size_t at = 0; (at = text.find(field, at)) != std::string::npos; at += value.size())
      text.replace(at, field.size(), value);
  };
  put("{}", std::to_string(classes));
  put("{size}", std::to_string(size));
  return text;
}

const PretrainedWeights* find_pretrained(const ModelSpec& spec, const std::string& name) {
  const auto found =
      std::find_if(spec.pretrained.begin(), spec.pretrained.end(),
                   [&](const PretrainedWeights& each) { return name == "default" || each.name == name; });
  return found == spec.pretrained.end() ? nullptr : &*found;
}

bool weights_at_hand(const PretrainedWeights& weights) {
  try {
    if (!weights.hub.empty()) {
      HubRepository repository(HubName{.repository = weights.hub});
      return std::any_of(hub_weights_files.begin(), hub_weights_files.end(),
                         [&](const char* file) { return repository.in_cache(file).has_value(); });
    }
    const auto file = disk().info(hub_checkpoints() / weights.download.file);
    if (!file || file->kind != FileKind::regular) return false;
    const double mebibytes = static_cast<double>(file->size) / (1 << 20);
    return weights.mebibytes == 0 || std::abs(mebibytes - weights.mebibytes) < 0.001;
  } catch (const Error&) {  // no cache, or an unreadable one
    return false;
  }
}

bool weights_at_hand(const ModelSpec& spec) {
  const PretrainedWeights* weights = find_pretrained(spec);
  return weights != nullptr && weights_at_hand(*weights);
}

const ModelSpec* find_by_timm_name(const std::string& name) {
  return find_in_timm(name.substr(0, name.find('.')), [](const std::string& same) { return same; });
}

const std::string* network_in_timm(const ModelSpec& spec) {
  const bool has_timm_weights =
      std::any_of(spec.pretrained.begin(), spec.pretrained.end(),
                  [](const PretrainedWeights& each) { return each.hub.starts_with("timm/"); });
  const bool is_there =
      !spec.timm_name.empty() || has_timm_weights || spec.python_network.starts_with("timm.");
  return is_there ? &name_in_timm(spec) : nullptr;
}

std::string normalised_model_name(const std::string& name) {
  std::string normalised = to_lower_ascii(name);
  normalised.erase(0, normalised.rfind('/') + 1);  // 0 if there is no "/"
  normalised.erase(std::min(normalised.find('.'), normalised.size()));
  std::erase_if(normalised, [](char c) { return c == '-' || c == '_'; });
  return normalised;
}

const ModelSpec* find_by_stated_name(const std::string& name) {
  const std::string normalised = normalised_model_name(name);
  if (const ModelSpec* spec = find_in_timm(normalised, normalised_model_name)) return spec;
  // torchvision's name, as in checkpoints of PyTorch's ImageNet example.
  for (const ModelSpec& spec : model_registry()) {
    if (normalised_model_name(spec.name) == normalised) return &spec;
  }
  return nullptr;
}

std::vector<const ModelSpec*> find_models(const std::vector<std::string>& patterns) {
  std::vector<const ModelSpec*> found;
  std::set<std::string> unused(patterns.begin(), patterns.end());
  std::vector<std::string> names;
  for (const ModelSpec& spec : model_registry()) {
    names.insert(names.end(), {spec.name, spec.family});
    bool fits = patterns.empty();
    for (const std::string& pattern : patterns) {
      if (fnmatch(pattern.c_str(), spec.name.c_str(), 0) != 0 &&
          fnmatch(pattern.c_str(), spec.family.c_str(), 0) != 0)
        continue;
      fits = true;
      unused.erase(pattern);
    }
    if (fits) found.push_back(&spec);
  }
  if (!unused.empty())
    throw UsageError("\"" + printable(*unused.begin()) + "\"", "fits no model",
                     advice_for_pattern(*unused.begin(), names));
  return found;
}

const ModelSpec& find_model(const std::string& name) {
  if (is_joined(name)) return joined_model(name);
  std::vector<std::string> names;
  for (const ModelSpec& spec : model_registry()) {
    if (spec.name == name) return spec;
    names.push_back(spec.name);
  }
  if (const ModelSpec* spec = find_by_timm_name(name)) return *spec;
  throw UsageError("`model`", "\"" + name + "\" is an unknown model", did_you_mean(name, names));
}

}  // namespace graft
