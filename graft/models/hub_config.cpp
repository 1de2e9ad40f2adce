#include "graft/models/hub_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/files.h"
#include "graft/core/json_limits.h"
#include "graft/core/text.h"
#include "graft/models/config_reader.h"
#include "graft/models/transformers_config.h"

namespace graft {
namespace {

constexpr std::uint64_t max_config_bytes = 1 << 20;

// The keys of the input transform.
constexpr std::array transform_keys = {"input_size", "crop_pct", "crop_mode", "interpolation", "mean", "std"};

// Why graft cannot compute the transform; empty if it can.
std::string unsupported(const std::array<double, 3>& size, const std::string& mode, double share,
                        const std::string& interpolation) {
  if (size[0] != 3) return "an input of " + std::to_string(static_cast<int>(size[0])) + " channels";
  if (size[1] != size[2]) return "an input that is not square";
  if (interpolation != "bilinear" && interpolation != "bicubic") return "the interpolation " + interpolation;
  if (mode == "center" || (mode == "squash" && share == 1)) return "";
  return "the crop mode " + mode + (mode == "squash" ? " with a crop_pct below 1" : "");
}

// timm.data.create_transform, for evaluation.
void read_preprocess(const ConfigReader& in, const Preprocess& standard, const std::string& where,
                     HubConfig& config) {
  const double side = standard.crop;
  const auto size = in.three("input_size", {3, side, side});
  for (const double each : size) {
    if (!(each >= 1 && each <= 4096 && each == std::floor(each)))
      in.refuse("input_size", "channels, height, width");
  }
  const double share = in.number("crop_pct", 0.875);
  if (!(share > 0 && share <= 1)) in.refuse("crop_pct", "a number above 0 and at most 1");
  const std::string mode = in.text("crop_mode", "center");
  const std::string interpolation = in.text("interpolation", "bicubic");
  if (const std::string what = unsupported(size, mode, share, interpolation); !what.empty()) {
    config.notes.push_back(unsupported_transform(where, what));
    return;
  }
  Preprocess preprocess = standard;
  preprocess.crop = static_cast<int>(size[1]);
  preprocess.resize = static_cast<int>(std::floor(size[1] / share));
  preprocess.interpolation = interpolation == "bilinear" ? Interpolation::bilinear : Interpolation::bicubic;
  preprocess.fit = mode == "squash" ? Fit::squash : Fit::crop;
  preprocess.mean = narrow(in.three("mean", wide(standard.mean)));
  preprocess.std = narrow(in.three("std", wide(standard.std)));
  check_preprocess(preprocess, where);
  config.preprocess = preprocess;
}

// The names of the outputs, if all are texts.
void read_label_names(const nlohmann::json& names, const std::string& where, HubConfig& config) {
  const auto is_text = [](const nlohmann::json& name) { return name.is_string(); };
  if (names.is_array() && std::all_of(names.begin(), names.end(), is_text))
    config.classes = names.get<std::vector<std::string>>();
  else if (!names.is_null())
    config.notes.push_back(unread_names(where, "label_names"));
}

// The arguments of timm.create_model() that were given when the file was saved. The tensors show those that
// change shapes; dropping changes training only.
void read_arguments(const nlohmann::json& arguments, const std::string& where, HubConfig& config) {
  for (const auto& [key, value] : arguments.items()) {
    if (key == "num_classes" || key == "img_size" || key == "in_chans" || key.ends_with("drop_rate") ||
        key.ends_with("drop_path_rate"))
      continue;
    if (key != "global_pool" || !value.is_string())
      throw Error(where,
                  "states \"model_args\" with " + shorten(printable(key)) + ", another network than timm's " +
                      shorten(printable(config.architecture)) + ", which graft does not have",
                  "use weights without it");
    config.pool = value.get<std::string>();
  }
}

// What timm's transform cannot express, of a model that graft exported.
void read_own_values(const nlohmann::json& own, const std::string& where, Preprocess& preprocess) {
  const ConfigReader in(own, where);
  preprocess.exif = in.truth("exif", false);
  preprocess.alpha = in.text("alpha", preprocess.alpha);
  if (in.text("decode", "exact") == "fast") preprocess.decode = DecodeMode::fast;
  check_preprocess(preprocess, where);
}

HubConfig read_timm_config(const nlohmann::json& json, const std::string& where, const Preprocess& standard) {
  HubConfig config{.architecture = json["architecture"].get<std::string>()};
  if (json.contains("model_args") && json["model_args"].is_object())
    read_arguments(json["model_args"], where, config);
  if (json.contains("label_names")) read_label_names(json["label_names"], where, config);
  // Earlier versions of timm wrote the transform beside the architecture.
  const nlohmann::json& stated = json.contains("pretrained_cfg") ? json["pretrained_cfg"] : json;
  const ConfigReader in(stated, where);
  if (stated.is_object() &&
      std::any_of(transform_keys.begin(), transform_keys.end(), [&](const char* key) { return in.has(key); }))
    read_preprocess(in, standard, where, config);
  if (config.preprocess && json.contains("graft") && json["graft"].is_object())
    read_own_values(json["graft"], where, *config.preprocess);
  config.labels = labels_of_problem(json);
  return config;
}

}  // namespace

std::string unsupported_transform(const std::string& where, const std::string& what) {
  return where + " states " + shorten(printable(what)) +
         ", which graft does not support; the model's own input is used";
}

std::string unread_names(const std::string& where, const std::string& key) {
  return where + " does not give one text for each output in \"" + key + "\", so its names are not used";
}

std::optional<LabelKind> labels_of_problem(const nlohmann::json& config) {
  if (!config.contains("problem_type") || !config["problem_type"].is_string()) return std::nullopt;
  for (const LabelKind labels : {LabelKind::single, LabelKind::multi, LabelKind::number}) {
    if (config["problem_type"] == problem_type_of(labels)) return labels;
  }
  return std::nullopt;
}

const char* problem_type_of(LabelKind labels) {
  if (labels == LabelKind::multi) return "multi_label_classification";
  return labels == LabelKind::number ? "regression" : "single_label_classification";
}

std::optional<nlohmann::json> read_hub_json(const std::filesystem::path& path) {
  const auto info = disk().info(path);
  if (!info || info->kind != FileKind::regular || info->size > max_config_bytes) return std::nullopt;
  const auto bytes = disk().read(path, max_config_bytes);
  const std::string text(bytes.begin(), bytes.end());
  if (is_json_too_deep(text)) return std::nullopt;
  nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded())
    throw Error(path.string(), "is not valid JSON", "save it again, or remove it if it is another program's");
  if (!json.is_object()) return std::nullopt;
  return json;
}

std::optional<HubConfig> read_hub_config(const std::filesystem::path& folder, const Preprocess& standard) {
  const std::filesystem::path path = folder / "config.json";
  const auto json = read_hub_json(path);
  if (!json) return std::nullopt;
  if (json->contains("architecture") && (*json)["architecture"].is_string())
    return read_timm_config(*json, path.string(), standard);
  if (json->contains("model_type") && (*json)["model_type"].is_string())
    return read_transformers_config(*json, folder, standard);
  return std::nullopt;
}

}  // namespace graft
