#include "graft/models/transformers_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "graft/core/error.h"
#include "graft/metrics/number_text.h"
#include "graft/models/config_reader.h"
#include "graft/models/registry.h"

namespace graft {
namespace {

// The values of config.json that say which network it is.
class NetworkReader : public ConfigReader {
 public:
  NetworkReader(const nlohmann::json& config, const std::string& where)
      : ConfigReader(config, where), kind_(text("model_type", "")) {}

  const std::string& kind() const { return kind_; }
  int whole(const char* key, int otherwise) const {
    const double stated = number(key, otherwise);
    if (!(stated >= 0 && stated <= 1e6 && stated == std::floor(stated))) refuse(key, "a whole number");
    return static_cast<int>(stated);
  }
  std::vector<int> wholes(const char* key, const std::vector<int>& otherwise) const {
    if (!has(key)) return otherwise;
    std::vector<int> values;
    if (!value(key).is_array() || value(key).size() > 64) refuse(key, "a list of whole numbers");
    for (const auto& each : value(key)) {
      if (!each.is_number_integer()) refuse(key, "a list of whole numbers");
      values.push_back(each.get<int>());
    }
    return values;
  }
  // A value that must be the one that graft computes.
  void require(const char* key, const nlohmann::json& expected) const {
    if (has(key) && value(key) != expected) unknown(key);
  }
  // At these sizes an epsilon below 1e-6 does not change a layer norm's values.
  void require_small(const char* key, double at_most) const {
    if (!(number(key, at_most) <= at_most)) unknown(key);
  }
  [[noreturn]] void unknown(const char* key) const {
    throw Error(where(),
                "states transformers' " + shorten(printable(kind_)) + " with \"" + key + "\" " +
                    (has(key) ? shown(key) : "not stated") + ", a network that graft does not have",
                "use weights of a network that `graft models` lists");
  }

 private:
  std::string kind_;
};

struct NamedWidth {
  int width, layers, heads;
  const char* name;
};

constexpr std::array vit_widths = {NamedWidth{192, 12, 3, "tiny"}, NamedWidth{384, 12, 6, "small"},
                                   NamedWidth{768, 12, 12, "base"}, NamedWidth{1024, 24, 16, "large"},
                                   NamedWidth{1280, 32, 16, "huge"}};

const char* vit_width(const NetworkReader& in) {
  const int width = in.whole("hidden_size", 768);
  for (const NamedWidth& each : vit_widths) {
    if (each.width != width) continue;
    if (in.whole("num_hidden_layers", 12) != each.layers) in.unknown("num_hidden_layers");
    if (in.whole("num_attention_heads", 12) != each.heads) in.unknown("num_attention_heads");
    return each.name;
  }
  in.unknown("hidden_size");
}

std::string vit_name(const NetworkReader& in) {
  const std::string start =
      std::string("vit_") + vit_width(in) + "_patch" + std::to_string(in.whole("patch_size", 16)) + '_';
  in.require("intermediate_size", 4 * in.whole("hidden_size", 768));
  in.require("hidden_act", "gelu");
  in.require("qkv_bias", true);
  in.require_small("layer_norm_eps", 1e-6);
  // Position embeddings for another size are resized.
  for (const std::string& size :
       {std::to_string(in.whole("image_size", 224)), std::string("224"), std::string("384")}) {
    if (find_by_timm_name(start + size) != nullptr) return start + size;
  }
  in.unknown("patch_size");
}

std::string dinov2_name(const NetworkReader& in, bool with_registers) {
  in.require("mlp_ratio", 4);
  in.require("hidden_act", "gelu");
  in.require("qkv_bias", true);
  in.require("use_swiglu_ffn", false);
  in.require_small("layer_norm_eps", 1e-6);
  in.require("patch_size", 14);
  if (with_registers) in.require("num_register_tokens", 4);
  return std::string("vit_") + vit_width(in) + (with_registers ? "_patch14_reg4_dinov2" : "_patch14_dinov2");
}

// Of several, the first has the values that transformers assumes where a file does not state them.
struct NamedStages {
  const char* name;
  std::vector<int> depths;
  int width;  // of the first stage
};

std::string name_of_stages(const NetworkReader& in, const std::vector<NamedStages>& kinds, int width) {
  const std::vector<int> depths = in.wholes("depths", kinds.front().depths);
  for (const NamedStages& each : kinds) {
    if (each.depths == depths && each.width == width) return each.name;
  }
  in.unknown("depths");
}

int first_width(const NetworkReader& in, int otherwise) {
  const std::vector<int> widths =
      in.wholes("hidden_sizes", {otherwise, 2 * otherwise, 4 * otherwise, 8 * otherwise});
  if (widths.size() != 4) in.unknown("hidden_sizes");
  for (std::size_t i = 1; i < 4; ++i) {
    if (widths[i] != 2 * widths[i - 1]) in.unknown("hidden_sizes");
  }
  return widths[0];
}

std::string convnext_name(const NetworkReader& in) {
  in.require("patch_size", 4);
  in.require("hidden_act", "gelu");
  static const std::vector<NamedStages> first = {{"tiny", {3, 3, 9, 3}, 96},
                                                 {"small", {3, 3, 27, 3}, 96},
                                                 {"base", {3, 3, 27, 3}, 128},
                                                 {"large", {3, 3, 27, 3}, 192},
                                                 {"xlarge", {3, 3, 27, 3}, 256}};
  static const std::vector<NamedStages> second = {
      {"tiny", {3, 3, 9, 3}, 96},    {"atto", {2, 2, 6, 2}, 40},  {"femto", {2, 2, 6, 2}, 48},
      {"pico", {2, 2, 6, 2}, 64},    {"nano", {2, 2, 8, 2}, 80},  {"base", {3, 3, 27, 3}, 128},
      {"large", {3, 3, 27, 3}, 192}, {"huge", {3, 3, 27, 3}, 352}};
  return in.kind() + '_' + name_of_stages(in, in.kind() == "convnext" ? first : second, first_width(in, 96));
}

std::string resnet_name(const NetworkReader& in) {
  in.require("embedding_size", 64);
  in.require("hidden_act", "relu");
  in.require("downsample_in_first_stage", false);
  in.require("downsample_in_bottleneck", false);
  static const std::vector<NamedStages> basic = {{"18", {2, 2, 2, 2}, 64}, {"34", {3, 4, 6, 3}, 64}};
  static const std::vector<NamedStages> bottleneck = {
      {"50", {3, 4, 6, 3}, 256}, {"101", {3, 4, 23, 3}, 256}, {"152", {3, 8, 36, 3}, 256}};
  const bool is_basic = in.text("layer_type", "bottleneck") == "basic";
  return "resnet" + name_of_stages(in, is_basic ? basic : bottleneck, first_width(in, 256));
}

std::string swin_name(const NetworkReader& in) {
  in.require("patch_size", 4);
  in.require("hidden_act", "gelu");
  in.require("mlp_ratio", 4);
  in.require("qkv_bias", true);
  in.require("use_absolute_embeddings", false);
  in.require_small("layer_norm_eps", 1e-5);
  static const std::vector<NamedStages> kinds = {{"tiny", {2, 2, 6, 2}, 96},
                                                 {"small", {2, 2, 18, 2}, 96},
                                                 {"base", {2, 2, 18, 2}, 128},
                                                 {"large", {2, 2, 18, 2}, 192}};
  return "swin_" + name_of_stages(in, kinds, in.whole("embed_dim", 96)) + "_patch4_window" +
         std::to_string(in.whole("window_size", 7)) + '_' + std::to_string(in.whole("image_size", 224));
}

std::string timm_name_of(const NetworkReader& in) {
  in.require("num_channels", 3);
  if (in.kind() == "vit") return vit_name(in);
  if (in.kind() == "dinov2") return dinov2_name(in, /*with_registers=*/false);
  if (in.kind() == "dinov2_with_registers") return dinov2_name(in, /*with_registers=*/true);
  if (in.kind() == "convnext" || in.kind() == "convnextv2") return convnext_name(in);
  if (in.kind() == "resnet") return resnet_name(in);
  if (in.kind() == "swin") return swin_name(in);
  in.unknown("model_type");
}

// "size" of a preprocessor: a number, or an object with the shorter side or with both.
struct StatedSize {
  int shortest = 0, height = 0, width = 0;  // 0: not stated
};

// `of_shorter`: a number is the shorter side.
StatedSize size_of(const ConfigReader& in, const char* key, bool of_shorter) {
  StatedSize size;
  if (!in.has(key)) return size;
  const nlohmann::json& stated = in.value(key);
  const auto side = [&](const nlohmann::json& value) {
    if (!value.is_number_integer() || value < 1 || value > 4096) in.refuse(key, "a size in pixels");
    return value.get<int>();
  };
  if (!stated.is_object()) {
    (of_shorter ? size.shortest : size.height) = side(stated);
    size.width = size.height;
    return size;
  }
  if (stated.contains("shortest_edge")) size.shortest = side(stated["shortest_edge"]);
  if (stated.contains("height")) size.height = side(stated["height"]);
  if (stated.contains("width")) size.width = side(stated["width"]);
  if (size.shortest == 0 && (size.height == 0 || size.width == 0)) in.refuse(key, "a size in pixels");
  return size;
}

// Sets resize, crop and fit. Returns why graft cannot compute the transform; empty if it can.
std::string read_sizes(const ConfigReader& in, Preprocess& preprocess) {
  const bool crops = in.truth("do_center_crop", false);
  const StatedSize size = size_of(in, "size", /*of_shorter=*/crops),
                   crop = size_of(in, "crop_size", /*of_shorter=*/false);
  if (size.height != size.width || crop.height != crop.width) return "an input that is not square";
  if (in.has("crop_pct")) {  // ConvNeXt's: the size is that of the crop; large ones are squashed
    const int side = std::max(size.shortest, size.height);
    const double share = in.number("crop_pct", 1);
    if (!(share > 0 && share <= 1)) in.refuse("crop_pct", "a number above 0 and at most 1");
    preprocess.crop = side;
    preprocess.fit = side < 384 ? Fit::crop : Fit::squash;
    preprocess.resize = side < 384 ? static_cast<int>(side / share) : side;
    return side == 0 ? "no size" : "";
  }
  if (size.shortest > 0 && crops && crop.height > 0) {
    preprocess.resize = size.shortest;
    preprocess.crop = crop.height;
    preprocess.fit = Fit::crop;
    return crop.height > size.shortest ? "a crop that is larger than the picture" : "";
  }
  if (size.height > 0 && (!crops || crop.height == size.height)) {
    preprocess.resize = preprocess.crop = size.height;
    preprocess.fit = Fit::squash;
    return "";
  }
  return crops ? "a crop of squashed pictures" : "pictures that are not cropped";
}

// Sets mean and std: transformers multiplies a picture's values, from 0 to 255, by `rescale_factor`, and then
// normalises them. Returns why graft cannot compute the transform; empty if it can.
std::string read_values(const ConfigReader& in, Preprocess& preprocess) {
  // Every step that a preprocessor names.
  for (const auto& [step, value] : in.items()) {
    static const std::set<std::string> known = {"do_resize", "do_rescale", "do_normalize", "do_center_crop",
                                                "do_convert_rgb"};
    if (step.starts_with("do_") && value == true && !known.contains(step)) return "the step " + step;
  }
  if (!in.truth("do_resize", true)) return "pictures that are not resized";
  if (in.truth("rescale_offset", false)) return "a rescale_offset";
  const double factor = in.truth("do_rescale", true) ? in.number("rescale_factor", 1.0 / 255) : 1;
  if (!(factor > 0)) in.refuse("rescale_factor", "a number above 0");
  std::array<double, 3> mean{}, std = {1, 1, 1};
  if (in.truth("do_normalize", true)) {
    mean = in.three("image_mean", wide(preprocess.mean));
    std = in.three("image_std", wide(preprocess.std));
  }
  const double scale = std::abs(255 * factor - 1) < 1e-6 ? 1 : 255 * factor;
  for (std::size_t i = 0; i < 3; ++i) {
    preprocess.mean[i] = static_cast<float>(mean[i] / scale);
    preprocess.std[i] = static_cast<float>(std[i] / scale);
  }
  return "";
}

// Pillow's numbers of interpolations, as they are written.
std::string interpolation_words(double number) {
  static const std::array names = {"nearest", "lanczos", "bilinear", "bicubic", "box", "hamming"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (number == static_cast<double>(i)) return names[i];
  }
  return number_text(number);
}

void read_preprocessor(const std::filesystem::path& path, const Preprocess& standard, HubConfig& config) {
  const auto json = read_hub_json(path);
  if (!json) return;
  const std::string where = path.string();
  const ConfigReader in(*json, where);
  Preprocess preprocess = standard;
  std::string unsupported = read_sizes(in, preprocess);
  if (unsupported.empty()) unsupported = read_values(in, preprocess);
  const double resample = in.number("resample", 2);
  if (resample != 2 && resample != 3) unsupported = "the interpolation " + interpolation_words(resample);
  if (!unsupported.empty()) {
    config.notes.push_back(unsupported_transform(where, unsupported));
    return;
  }
  preprocess.interpolation = resample == 2 ? Interpolation::bilinear : Interpolation::bicubic;
  check_preprocess(preprocess, where);
  config.preprocess = preprocess;
}

// By index; none if one is missing, or if they are transformers' placeholders.
std::vector<std::string> labels_of_transformers(const nlohmann::json& config, const std::string& where,
                                                std::vector<std::string>& notes) {
  if (!config.contains("id2label") || config["id2label"].is_null()) return {};
  const nlohmann::json& labels = config["id2label"];
  std::vector<std::string> classes;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto label = labels.find(std::to_string(i));
    if (label == labels.end() || !label->is_string()) {
      notes.push_back(unread_names(where, "id2label"));
      return {};
    }
    classes.push_back(label->get<std::string>());
  }
  return !classes.empty() && classes[0] == "LABEL_0" ? std::vector<std::string>{} : classes;
}

}  // namespace

HubConfig read_transformers_config(const nlohmann::json& config, const std::filesystem::path& folder,
                                   const Preprocess& standard) {
  const std::string where = (folder / "config.json").string();
  const NetworkReader in(config, where);
  HubConfig result{.architecture = timm_name_of(in)};
  result.classes = labels_of_transformers(config, where, result.notes);
  result.labels = labels_of_problem(config);
  read_preprocessor(folder / "preprocessor_config.json", standard, result);
  return result;
}

}  // namespace graft
