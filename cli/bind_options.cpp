#include "cli/bind_options.h"

#include <algorithm>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/models/registry.h"
#include "graft/train/recipe.h"

namespace graft::cli {
namespace {

// Of an option that takes a text: the tables below the program do not know what is completed.
std::string text_type(const std::string& option) {
  if (option == "preset") return braces(preset_names());
  if (option == "model") return model_type();
  if (option == "weights") return weights_type();
  if (option == "device") return "{auto,cpu,cuda,mps,xpu}";
  if (option == "feature_cache") return "{auto,off}|FOLDER";
  if (option == "cache") return "{auto,off}|SIZE";
  return "TEXT";
}

std::string type_of(const OptionRef& option) {
  if (const auto* choice = std::get_if<EnumRef>(&option.value))
    return braces({choice->names.begin(), choice->names.end()});
  if (std::holds_alternative<std::string*>(option.value)) return text_type(option.name);
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

std::string braces(const std::vector<std::string>& values) { return "{" + join(values, ",") + "}"; }

std::string model_type() {
  std::vector<std::string> names;
  for (const ModelSpec& spec : model_registry()) names.push_back(spec.name);
  return braces(names);
}

std::string weights_type() { return "{default,none}|FILE|RUN|URL"; }

CLI::Option* add_choice(CLI::App& app, const std::string& name, std::string& value,
                        const std::vector<std::string>& choices, const std::string& help) {
  return app
      .add_option_function<std::string>(
          name,
          [name, &value, choices](const std::string& text) {
            if (std::find(choices.begin(), choices.end(), text) == choices.end())
              throw UsageError(name, "\"" + text + "\" is not one of " + join(choices, ", "),
                               did_you_mean(text, choices));
            value = text;
          },
          help)
      ->type_name(braces(choices));
}

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
    flag->type_name(type_of(option))->default_str(option.text());
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
