#include "graft/run/options_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/json_limits.h"
#include "graft/core/run_mark.h"
#include "graft/core/text.h"

namespace graft {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const std::string& text, std::size_t at) {
  return std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

// A key that comes twice would be read as the last of the two.
Json parse(const std::filesystem::path& path, const std::string& text) {
  if (is_json_too_deep(text)) throw UsageError(path.string(), "is nested too deep");
  std::vector<std::set<std::string>> keys;  // of the objects that are open, by depth
  const Json::parser_callback_t watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) {
      keys.resize(static_cast<std::size_t>(depth) + 1);
      keys.back().clear();
    }
    if (event != Json::parse_event_t::key) return true;
    const auto key = parsed.get<std::string>();
    if (keys[static_cast<std::size_t>(depth) - 1].insert(key).second) return true;
    throw UsageError(
        path.string() + ":" + line_of(text, std::min(text.rfind("\"" + key + "\""), text.size())),
        "has \"" + shorten(key) + "\" twice", "leave one of them out");
  };
  try {
    Json json = Json::parse(text, watch);
    if (json.is_object()) return json;
  } catch (const Json::exception& error) {
    const JsonProblem problem = json_problem(error);
    throw UsageError(path.string() + problem.line,
                     (problem.syntax ? "is not JSON: " : "cannot be read: ") + problem.words);
  }
  throw UsageError(path.string(), "is not a JSON object", "write {\"epochs\": 10, …}");
}

// "FILE:3", the line that names the option. `of_a_run`: it is one of the "options".
std::string place_of(const std::filesystem::path& path, const std::string& text, const std::string& key,
                     bool of_a_run) {
  const std::size_t from = of_a_run ? text.find("\"options\"") : 0;
  const std::size_t at = std::min(text.find("\"" + key + "\"", from), text.size());
  return path.string() + ":" + line_of(text, at);
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

}  // namespace

Json read_json_object(const std::filesystem::path& path) { return parse(path, read_text(path)); }

std::vector<FileOption> read_options(const std::filesystem::path& path, const std::vector<OptionRef>& known,
                                     const std::vector<std::string>& elsewhere) {
  const std::string text = read_text(path);
  const Json json = parse(path, text);
  const bool of_a_run = json.contains("options") && json["options"].is_object();
  if (const auto format = json.find("format");
      !of_a_run && format != json.end() && *format == run_mark_format)
    throw UsageError(path.string(), "is the record of a training, and has no \"options\"");
  const Json& options = of_a_run ? json["options"] : json;
  std::vector<std::string> names;
  for (const OptionRef& option : known) names.push_back(option.name);
  std::vector<FileOption> read;
  for (const auto& [key, value] : options.items()) {
    const std::string where = place_of(path, text, key, of_a_run);
    std::string name = key;
    std::replace(name.begin(), name.end(), '-', '_');
    const auto found = std::find(names.begin(), names.end(), name);
    if (std::find(elsewhere.begin(), elsewhere.end(), name) != elsewhere.end())
      throw UsageError(where, "\"" + shorten(key) + "\" does not go into a file of options",
                       "give it beside the file: " + quoted_option(name));
    if (found == names.end())
      throw UsageError(where, "\"" + shorten(key) + "\" is an unknown option", did_you_mean(name, names));
    if (std::any_of(read.begin(), read.end(), [&](const FileOption& each) { return each.name == name; }))
      throw UsageError(where, "\"" + shorten(key) + "\" is given twice", "leave one of them out");
    try {
      known[static_cast<std::size_t>(found - names.begin())].set(text_of(value));
    } catch (const UsageError& error) {
      throw UsageError(where + ": " + error.where(), error.problem(), error.advice());
    }
    read.push_back({name, text_of(value), where});
  }
  return read;
}

}  // namespace graft
