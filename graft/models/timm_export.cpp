#include "graft/models/timm_export.h"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "graft/core/error.h"
#include "graft/core/run_mark.h"
#include "graft/core/version.h"
#include "graft/image/alpha.h"
#include "graft/models/hub_config.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"

namespace graft {
namespace {

// Its layers' names → timm's.
std::map<std::string, std::string> names_in_timm(const ModelSpec& spec) {
  std::map<std::string, std::string> names;
  if (spec.has_timms_names) return names;
  for (const auto& [theirs, ours] : spec.other_names) names[ours] = theirs;
  return names;
}

// The name of a layer or tensor in timm.
std::string renamed(const std::map<std::string, std::string>& names, const std::string& name) {
  for (std::size_t end = name.size(); end != std::string::npos && end > 0; end = name.rfind('.', end - 1)) {
    const auto found = names.find(name.substr(0, end));
    if (found != names.end()) return found->second + name.substr(end);
  }
  return name;
}

const std::string& checked_timm_name(const ModelSpec& spec) {
  const std::string* name = network_in_timm(spec);
  if (name == nullptr) throw UsageError(spec.name, "timm has no network that computes the same");
  return *name;
}

// The crop_pct from which timm computes floor(crop / crop_pct) = resize.
double crop_share(const Preprocess& preprocess) {
  const double crop = preprocess.crop, share = crop / preprocess.resize;
  return std::floor(crop / share) == preprocess.resize ? share : crop / (preprocess.resize + 0.25);
}

nlohmann::ordered_json transform(const Preprocess& preprocess) {
  if (preprocess.fit == Fit::pad)
    throw UsageError("`format`", "timm does not pad as `fit` pad does",
                     "export pth, or train with another fit");
  const bool is_squash = preprocess.fit == Fit::squash;
  return {{"input_size", {3, preprocess.crop, preprocess.crop}},
          {"interpolation", to_string(preprocess.interpolation)},
          {"crop_pct", is_squash ? 1.0 : crop_share(preprocess)},
          {"crop_mode", is_squash ? "squash" : "center"},
          {"mean", shortest_doubles(preprocess.mean)},
          {"std", shortest_doubles(preprocess.std)}};
}

// What timm's transform does not have: how graft decodes pictures before it.
nlohmann::ordered_json own_values(const Preprocess& preprocess) {
  nlohmann::ordered_json own;
  if (preprocess.exif) own["exif"] = true;
  if (preprocess.alpha != Preprocess().alpha) own["alpha"] = preprocess.alpha;
  if (preprocess.decode != DecodeMode::exact) own["decode"] = "fast";
  return own;
}

// The Python expression for the decoded picture.
std::string opened_picture(const Preprocess& preprocess) {
  std::string picture = "Image.open(\"picture.jpg\")";
  if (preprocess.exif) picture = "ImageOps.exif_transpose(" + picture + ")";
  const auto background = background_of(preprocess.alpha);
  if (!background) return picture + ".convert(\"RGB\")";
  return "on_background(" + picture + ".convert(\"RGBA\"))";
}

// The definition of on_background(), if it is used.
std::string background_function(const Preprocess& preprocess) {
  const auto background = background_of(preprocess.alpha);
  if (!background) return "";
  return "def on_background(image):\n"
         "    return Image.alpha_composite(Image.new(\"RGBA\", image.size, \"" +
         to_string(*background) + "\"), image).convert(\"RGB\")\n\n";
}

// The layer that reads the images.
std::string first_layer(const Network& network) {
  for (const auto& [name, tensor] : named_tensors(network)) {
    if (tensor.dim() == 4) return name.substr(0, name.rfind('.'));
  }
  return "";
}

}  // namespace

StateDict timm_state(const Network& network, const ModelSpec& spec) {
  checked_timm_name(spec);
  StateDict state = state_of(network);
  const auto names = names_in_timm(spec);
  for (NamedTensor& each : state.tensors) each.name = renamed(names, each.name);
  if (spec.to_timm) spec.to_timm(state);
  return state;
}

std::string timm_config(const Model& model) {
  const ModelSpec& spec = find_model(model.architecture);
  nlohmann::ordered_json json = {{"architecture", checked_timm_name(spec)},
                                 {exported_mark, std::string("graft ") + version()},
                                 {"num_classes", model.classes.size()},
                                 {"num_features", model.network->feature_info().dim},
                                 {"global_pool", spec.timm_pool}};
  if (spec.python_network.find("{size}") != std::string::npos)
    json["model_args"] = {{"img_size", model.preprocess.crop}};
  json["label_names"] = model.classes;
  json["problem_type"] = problem_type_of(model.task.kind);  // timm does not read it
  if (const auto own = own_values(model.preprocess); !own.empty()) json["graft"] = own;
  nlohmann::ordered_json pretrained = transform(model.preprocess);
  pretrained["num_classes"] = model.classes.size();
  const auto names = names_in_timm(spec);
  pretrained["first_conv"] = renamed(names, first_layer(*model.network));
  pretrained["classifier"] = renamed(names, model.network->head_name());
  json["pretrained_cfg"] = pretrained;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

std::string timm_readme(const Model& model) {
  const char* scores = model.task.kind == LabelKind::single  ? ".softmax(-1)"
                       : model.task.kind == LabelKind::multi ? ".sigmoid()"
                                                             : "";
  return std::string("---\ntags:\n- image-classification\n- timm\nlibrary_name: timm\n") + exported_mark +
         ": graft " + version() + "\n---\n# " + model.architecture +
         "\n\n"
         "In this folder:\n\n"
         "```python\n"
         "import timm, torch\n"
         "from PIL import Image" +
         (model.preprocess.exif ? ", ImageOps" : "") + "\n\n" + background_function(model.preprocess) +
         "model = timm.create_model(\"local-dir:.\", pretrained=True).eval()\n"
         "transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model))\n"
         "with torch.no_grad():\n"
         "    print(model(transform(" +
         opened_picture(model.preprocess) + ").unsqueeze(0))" + scores +
         ")\n"
         "```\n\n"
         "`label_names` in `config.json` has the names of the outputs. Uploaded to the Hugging Face hub, the "
         "folder is loaded by\n`hf-hub:OWNER/NAME` instead of `local-dir:.`, in timm and in graft.\n";
}

}  // namespace graft
