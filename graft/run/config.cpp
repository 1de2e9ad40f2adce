#include "graft/run/config.h"

#include <exception>
#include <nlohmann/json.hpp>
#include <numeric>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/json_limits.h"
#include "graft/core/run_mark.h"

namespace graft {
namespace {

using Json = nlohmann::ordered_json;

Json part(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_object() ? *found : Json::object();
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

ConfigTable table(const Json& json) {
  ConfigTable rows;
  for (const auto& [name, value] : json.items()) rows.emplace_back(name, text_of(value));
  return rows;
}

std::vector<std::int64_t> counts(const Json& json) {
  std::vector<std::int64_t> numbers;
  for (const auto& [name, value] : json.items()) numbers.push_back(whole_number<std::int64_t>(value));
  return numbers;
}

// Earlier versions, which had one class per picture, do not record it.
std::int64_t in_all(const Json& data, const char* name, const std::vector<std::int64_t>& of_each) {
  const auto found = data.find(name);
  return found != data.end() ? whole_number<std::int64_t>(*found)
                             : std::accumulate(of_each.begin(), of_each.end(), std::int64_t{0});
}

LabelKind labels_of(const std::string& name) {
  for (const LabelKind kind : {LabelKind::single, LabelKind::multi, LabelKind::number}) {
    if (name == to_string(kind)) return kind;
  }
  return LabelKind::automatic;
}

RunConfig config_of(const Json& json) {
  RunConfig config;
  config.started = json.value("started", "");
  const Json data = part(json, "data");
  config.data = data.value("path", "");
  config.absolute = data.value("absolute", "");
  config.classes = data.value("classes", std::vector<std::string>());
  config.train_counts = counts(part(data, "train"));
  config.val_counts = counts(part(data, "val"));
  config.train_pictures = in_all(data, "train_pictures", config.train_counts);
  config.val_pictures = in_all(data, "val_pictures", config.val_counts);
  config.test_pictures = in_all(data, "test_pictures", {});
  config.labels = labels_of(data.value("labels", "auto"));
  config.train_hash = data.value("train_hash", "");
  config.val_hash = data.value("val_hash", "");
  config.test_hash = data.value("test_hash", "");
  config.val_split_off = data.value("val_split_off", false);
  config.test_split_off = data.value("test_split_off", false);
  config.own_data = data.value("own", false);
  config.options = table(part(json, "options"));
  config.asked = table(part(json, "asked"));
  config.resolved = table(part(json, "resolved"));
  config.versions = table(part(json, "versions"));
  return config;
}

}  // namespace

RunConfig read_config(const std::filesystem::path& path) {
  if (!disk().info(path)) throw Error(path.string(), "does not exist", "give a run folder");
  const std::string text = read_text(path);
  if (is_json_too_deep(text))
    throw Error(path.string(), "is not the record of a training run: it is nested too deep");
  try {
    const Json json = Json::parse(text);
    if (json.is_object() && json.value("format", "") == run_mark_format) return config_of(json);
  } catch (const std::exception& error) {
    const JsonProblem problem = json_problem(error);
    throw Error(path.string() + problem.line, "is not the record of a training run: " + problem.words);
  }
  throw Error(path.string(), "is not the record of a training run", "give a run folder");
}

void require_data_path(const std::filesystem::path& path, const std::string& data) {
  if (data.empty())
    throw Error(path.string(), "does not record the path of the training data", "give it (`data`)");
}

std::filesystem::path picture_path(const RunConfig& config, const std::string& path) {
  namespace fs = std::filesystem;
  if (disk().info(path)) return path;
  fs::path data(config.data), absolute(config.absolute);
  if (const auto info = disk().info(absolute); info && info->kind == FileKind::regular) {  // a table
    data = data.parent_path();
    absolute = absolute.parent_path();
  }
  const fs::path below = fs::path(path).lexically_normal().lexically_relative(data.lexically_normal());
  if (below.empty() || *below.begin() == "..") return path;
  const fs::path there = absolute / below;
  return disk().info(there) ? there : fs::path(path);
}

std::string value_of(const ConfigTable& table, const std::string& name) {
  for (const auto& [key, value] : table) {
    if (key == name) return value;
  }
  return "";
}

}  // namespace graft
