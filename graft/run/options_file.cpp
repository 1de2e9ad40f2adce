#include "graft/run/options_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/json_limits.h"
#include "graft/core/text.h"

namespace graft {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const std::string& text, std::size_t at) {
  return std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

Json parse(const std::filesystem::path& path, const std::string& text) {
  if (is_json_too_deep(text)) throw UsageError(path.string(), "is nested too deep");
  try {
    Json json = Json::parse(text);
    if (json.is_object()) return json;
  } catch (const Json::exception& error) {  // of a number that fits no type the place is not known
    const auto* parse_error = dynamic_cast<const Json::parse_error*>(&error);
    const std::string where =
        parse_error == nullptr ? "" : ":" + line_of(text, std::min(parse_error->byte, text.size()));
    std::string problem = error.what();
    problem.erase(0, problem.find(": ") + 2);
    throw UsageError(path.string() + where, "is not JSON: " + shorten(problem, 300));
  }
  throw UsageError(path.string(), "is not a JSON object", "write {\"epochs\": 10, …}");
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

}  // namespace

Json read_json_object(const std::filesystem::path& path) { return parse(path, read_text(path)); }

GivenOptions read_options(const std::filesystem::path& path, const std::vector<OptionRef>& known) {
  const std::string text = read_text(path);
  const Json json = parse(path, text);
  const bool of_a_run = json.contains("options") && json["options"].is_object();
  const Json& options = of_a_run ? json["options"] : json;
  std::vector<std::string> names;
  for (const OptionRef& option : known) names.push_back(option.name);
  GivenOptions given;
  for (const auto& [key, value] : options.items()) {
    const std::size_t from = of_a_run ? text.find("\"options\"") : 0;
    const std::size_t at = std::min(text.find("\"" + key + "\"", from), text.size());
    const std::string where = path.string() + ":" + line_of(text, at);
    std::string name = key;
    std::replace(name.begin(), name.end(), '-', '_');
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
      throw UsageError(where, "\"" + shorten(key) + "\" is an unknown option", did_you_mean(name, names));
    try {
      known[static_cast<std::size_t>(found - names.begin())].set(text_of(value));
    } catch (const UsageError& error) {
      throw UsageError(where + ": " + error.where(), error.problem(), error.advice());
    }
    given.emplace_back(name, text_of(value));
  }
  return given;
}

}  // namespace graft
