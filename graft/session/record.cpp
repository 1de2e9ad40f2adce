#include "graft/session/record.h"

#include <torch/version.h>

#include <ctime>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "graft/core/files.h"
#include "graft/core/hash.h"
#include "graft/core/run_mark.h"
#include "graft/core/version.h"
#include "graft/models/model_file.h"
#include "graft/models/model_metadata.h"
#include "graft/run/options_file.h"

namespace graft {
namespace {

using Json = nlohmann::ordered_json;

Json value_of(const OptionRef& option) {
  return std::visit(
      [](const auto& v) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, EnumRef>) {
          return v.name();
        } else {
          return *v;
        }
      },
      option.value);
}

// In UTC: "2026-01-31T12:00:00Z".
std::string iso_time_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

// `before` is the prefix of each relative name.
std::string hash_of_names(const Folder& folder, const std::string& root, const std::string& before) {
  std::string list;
  const auto names = folder.kind() != LabelKind::single ? folder.label_names() : std::vector<std::string>();
  for (const Sample& sample : folder.samples) {
    const bool below = sample.path.starts_with(root);
    const auto label = static_cast<std::size_t>(sample.label);
    list += (sample.path.starts_with('/') ? "" : before) + sample.path.substr(below ? root.size() : 0) +
            '\n' + (names.empty() ? std::to_string(label) : names[label]) + '\n';
  }
  return sha256_hex({reinterpret_cast<const std::uint8_t*>(list.data()), list.size()});
}

}  // namespace

std::string pictures_hash(const Folder& folder) {
  const std::string root = (folder.root / "").parent_path().string();
  // Names in the current folder have no slash between root and name.
  return hash_of_names(folder, root, root.empty() ? "/" : "");
}

std::string pictures_hash_without_slash(const Folder& folder) {
  return hash_of_names(folder, (folder.root / "").string(), "");
}

nlohmann::ordered_json class_counts(const Folder& folder) {
  Json json = Json::object();
  const auto counts = folder.count_per_class();
  for (std::size_t i = 0; i < folder.classes.size(); ++i) json[folder.classes[i]] = counts[i];
  return json;
}

std::string config_json(const RunRecord& run, const TrainingData& data) {
  Json json;
  json["format"] = run_mark_format;
  json["format_version"] = run_format_version;
  json["started"] = iso_time_now();
  json["data"] = {{"path", run.data},
                  {"absolute", run.own_data || run.data.empty() ? "" : absolute_path(run.data).string()},
                  {"classes", data.train.classes},
                  {"labels", to_string(data.train.kind())},
                  {"train", class_counts(data.train)},
                  {"val", class_counts(data.val)},
                  {"train_pictures", data.train.samples.size()},
                  {"val_pictures", data.val.samples.size()},
                  {"train_hash", pictures_hash(data.train)},
                  {"val_hash", pictures_hash(data.val)},
                  {"val_split_off", data.split}};
  if (!data.test.samples.empty()) {
    json["data"]["test"] = class_counts(data.test);
    json["data"]["test_pictures"] = data.test.samples.size();
    json["data"]["test_hash"] = pictures_hash(data.test);
    json["data"]["test_split_off"] = data.test_split;
  }
  if (run.own_data) json["data"]["own"] = true;
  Recipe recipe = run.recipe;
  Json options = Json::object();
  for (const OptionRef& option : options_in(recipe, recipe_options)) options[option.name] = value_of(option);
  json["options"] = options;
  Json asked = Json::object();
  for (const auto& [name, text] : run.given) asked[name] = text;
  json["asked"] = asked;
  json["resolved"] = {{"device", run.device},         {"threads", run.threads},
                      {"weights", run.weights},       {"precision", run.precision},
                      {"parameters", run.parameters}, {"input", run.preprocess.crop}};
  if (!run.weights_sha256.empty()) json["weights_sha256"] = run.weights_sha256;
  if (!run.teacher_sha256.empty()) json["teacher_sha256"] = run.teacher_sha256;
  if (!run.unlabelled_hash.empty()) json["unlabelled_hash"] = run.unlabelled_hash;
  json["preprocess"] = Json::parse(to_json_text(run.preprocess));
  if (run.own_loss) json["own_loss"] = true;
  if (run.own_batch_transform) json["own_batch_transform"] = true;
  if (run.searched) json["searched"] = true;
  json["versions"] = {{"graft", version()}, {"libtorch", TORCH_VERSION}};
  // Paths are arbitrary bytes; invalid UTF-8 is written with replacement characters.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void update_format_version(const std::filesystem::path& config) {
  Json json = read_json_object(config);
  if (json.contains("format_version") && json["format_version"] == run_format_version) return;
  json["format_version"] = run_format_version;
  replace_file(config, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace graft
