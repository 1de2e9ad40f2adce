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

// ":3", the line of the text that the words quote ("number overflow parsing '1e400'"); empty without a quote.
std::string line_of_quoted(const std::string& text, const std::string& words) {
  const std::size_t begin = words.find('\''), end = words.rfind('\'');
  if (begin == end) return "";
  const std::size_t at = text.find(words.substr(begin + 1, end - begin - 1));
  return at == std::string::npos ? "" : ":" + line_of(text, at);
}

// Refuses a duplicate key, of which the parser would use the last.
Json parse(const std::filesystem::path& path, const std::string& text) {
  if (is_json_too_deep(text)) throw UsageError(path.string(), "is nested too deep");
  std::vector<std::set<std::string>> keys;  // of the open objects, by depth
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
    throw UsageError(
        path.string() + (problem.line.empty() ? line_of_quoted(text, problem.words) : problem.line),
        (problem.syntax ? "is not JSON: " : "cannot be read: ") + problem.words);
  }
  throw UsageError(path.string(), "is not a JSON object", "write {\"epochs\": 10, …}");
}

// The position of the member `key` of the object that begins at `from` in a JSON text; the end of the text if
// it is missing or written with escapes.
std::size_t place_of_member(const std::string& text, std::size_t from, const std::string& key) {
  int depth = 0;
  for (std::size_t i = text.find('{', from); i < text.size(); ++i) {
    const char c = text[i];
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) break;
    if (c != '"') continue;
    const std::size_t begin = i + 1;
    for (i = begin; i < text.size() && text[i] != '"'; ++i) {
      if (text[i] == '\\') ++i;
    }
    if (i >= text.size()) break;
    const std::size_t next = text.find_first_not_of(" \t\r\n", i + 1);
    const bool is_key = next != std::string::npos && text[next] == ':';
    if (is_key && depth == 1 && text.compare(begin, i - begin, key) == 0) return begin;
  }
  return text.size();
}

// "FILE:3", the line of the option. `of_a_run`: the option is a member of "options".
std::string place_of(const std::filesystem::path& path, const std::string& text, const std::string& key,
                     bool of_a_run) {
  const std::size_t from = of_a_run ? place_of_member(text, 0, "options") : 0;
  return path.string() + ":" + line_of(text, place_of_member(text, from, key));
}

// Only the fields of a run's config.json (docs/formats/run.md) are allowed beside "options".
void check_beside_options(const std::filesystem::path& path, const std::string& text, const Json& json,
                          const std::vector<std::string>& options) {
  static const std::set<std::string> recorded = {"format",         "format_version",
                                                 "started",        "data",
                                                 "options",        "asked",
                                                 "resolved",       "preprocess",
                                                 "own_loss",       "own_batch_transform",
                                                 "versions",       "weights_sha256",
                                                 "teacher_sha256", "unlabelled_hash",
                                                 "searched"};
  for (const auto& [key, value] : json.items()) {
    if (recorded.contains(key)) continue;
    std::string name = key;
    std::replace(name.begin(), name.end(), '-', '_');
    const bool is_option = std::find(options.begin(), options.end(), name) != options.end();
    throw UsageError(place_of(path, text, key, false),
                     "\"" + shorten(key) + "\" is beside \"options\"" +
                         (is_option ? ", where options are not read" : " and is unknown"),
                     is_option ? "put it into \"options\"" : "leave it out");
  }
}

std::string option_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

Json read_json_object(const std::filesystem::path& path) { return parse(path, read_text(path)); }

std::vector<FileOption> read_options(const std::filesystem::path& path, const std::vector<OptionRef>& known,
                                     const std::vector<std::string>& elsewhere) {
  const std::string text = read_text(path);
  const Json json = parse(path, text);
  const bool of_a_run = json.contains("options") && json["options"].is_object();
  if (const auto format = json.find("format");
      !of_a_run && format != json.end() && *format == run_mark_format)
    throw UsageError(path.string(), "is the record of a training run, but has no \"options\"");
  const Json& options = of_a_run ? json["options"] : json;
  std::vector<std::string> names;
  for (const OptionRef& option : known) names.push_back(option.name);
  if (of_a_run) check_beside_options(path, text, json, names);
  std::vector<FileOption> read;
  for (const auto& [key, value] : options.items()) {
    const std::string where = place_of(path, text, key, of_a_run);
    std::string name = key;
    std::replace(name.begin(), name.end(), '-', '_');
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end() && std::find(elsewhere.begin(), elsewhere.end(), name) != elsewhere.end())
      throw UsageError(where, "\"" + shorten(key) + "\" is not allowed in an options file",
                       "pass it separately: " + quoted_option(name));
    if (found == names.end())
      throw UsageError(where, "\"" + shorten(key) + "\" is an unknown option", did_you_mean(name, names));
    if (std::any_of(read.begin(), read.end(), [&](const FileOption& each) { return each.name == name; }))
      throw UsageError(where, "\"" + shorten(key) + "\" is given twice", "leave one of them out");
    try {
      known[static_cast<std::size_t>(found - names.begin())].set(option_text(value));
    } catch (const UsageError& error) {
      throw UsageError(where + ": " + error.where(), error.problem(), error.advice());
    }
    read.push_back({name, option_text(value), where});
  }
  return read;
}

}  // namespace graft
