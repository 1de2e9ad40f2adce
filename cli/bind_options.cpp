#include "cli/bind_options.h"

#include <algorithm>

namespace graft::cli {
namespace {

std::string range_of(const OptionRef& option) {
  if (const auto* choice = std::get_if<EnumRef>(&option.value)) {
    std::string text = "{";
    for (const char* name : choice->names) text += std::string(text.size() > 1 ? "," : "") + name;
    return text + "}";
  }
  if (std::holds_alternative<std::string*>(option.value)) return "TEXT";
  return std::holds_alternative<double*>(option.value) ? "NUMBER" : "N";
}

void bind_switch(CLI::App& app, const OptionRef& option, GivenOptions& given) {
  const bool on = *std::get<bool*>(option.value);
  const std::string positive = option.flag();
  const std::string negative = "--no-" + positive.substr(2);
  // The side that changes something is named first in the help.
  const std::string names = on ? "!" + negative + "," + positive : positive + ",!" + negative;
  CLI::Option* flag = app.add_flag_function(
      names,
      [&given, name = option.name](std::int64_t count) {
        given.emplace_back(name, count > 0 ? "true" : "false");
      },
      option.help + (on ? " (on by default)" : ""));
  if (!option.section.empty()) flag->group(option.section);
}

}  // namespace

void bind_options(CLI::App& app, const std::vector<OptionRef>& options, GivenOptions& given,
                  const std::vector<std::string>& only) {
  for (const OptionRef& option : options) {
    if (!only.empty() && std::find(only.begin(), only.end(), option.name) == only.end()) continue;
    if (std::holds_alternative<bool*>(option.value)) {
      bind_switch(app, option, given);
      continue;
    }
    CLI::Option* flag = app.add_option_function<std::string>(
        option.flag(),
        [&given, name = option.name](const std::string& text) { given.emplace_back(name, text); },
        option.help);
    flag->type_name(range_of(option))->default_str(option.text());
    if (!option.section.empty()) flag->group(option.section);
  }
}

void apply_options(const std::vector<OptionRef>& options, const GivenOptions& given) {
  for (const auto& [name, text] : given) {
    const auto found =
        std::find_if(options.begin(), options.end(), [&](const auto& o) { return o.name == name; });
    if (found != options.end()) found->set(text);
  }
}

std::string given_or(const GivenOptions& given, const std::string& name, const std::string& otherwise) {
  const auto found =
      std::find_if(given.rbegin(), given.rend(), [&](const auto& g) { return g.first == name; });
  return found == given.rend() ? otherwise : found->second;
}

std::vector<std::string> names_of(const GivenOptions& given) {
  std::vector<std::string> names;
  for (const auto& [name, value] : given) names.push_back(name);
  return names;
}

}  // namespace graft::cli
