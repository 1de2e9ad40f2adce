#include "cli/bind_options.h"

#include <algorithm>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/models/registry.h"

namespace graft::cli {
namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The type of an option whose value is a text: the tables do not contain what shells complete.
std::string text_type(const std::string& option) {
  if (option == "preset") return braces(preset_names());
  if (option == "model") return braces(model_names());
  if (option == "weights") return weights_type;
  if (option == "teacher") return "RUN|FILE";
  if (option == "unlabelled") return "FOLDER";
  if (option == "device") return "{auto,cpu,cuda,mps,xpu}";
  if (option == "feature_cache") return "{auto,off}|FOLDER";
  if (option == "cache") return "{auto,off}|SIZE";
  return "TEXT";
}

CLI::Option* bind_switch(CLI::App& app, Console& console, const OptionRef& option, GivenOptions& given) {
  const bool on = *std::get<bool*>(option.value);
  const std::string positive = flag_of(option.name), negative = flag_of("no_" + option.name);
  const auto set = [&console, &given, positive, negative, name = option.name](std::int64_t count) {
    given.emplace_back(name, count > 0 ? "true" : "false");
    console.words[name] = count > 0 ? positive : negative;
  };
  // The help names first the form that changes the default.
  return app.add_flag_function(on ? "!" + negative + "," + positive : positive + ",!" + negative, set,
                               in_flags(option.help) + (on ? " (on by default)" : ""));
}

CLI::Option* bind_value(CLI::App& app, const OptionRef& option, GivenOptions& given) {
  return app
      .add_option_function<std::string>(
          flag_of(option.name),
          [&given, name = option.name](const std::string& text) { given.emplace_back(name, text); },
          in_flags(option.help))
      ->type_name(type_of(option))
      ->default_str(option.text());
}

}  // namespace

std::string type_of(const OptionRef& option) {
  if (const auto* choice = std::get_if<EnumRef>(&option.value))
    return braces({choice->names.begin(), choice->names.end()});
  if (std::holds_alternative<std::string*>(option.value)) return text_type(option.name);
  return std::holds_alternative<double*>(option.value) ? "NUMBER" : "N";
}

std::string braces(const std::vector<std::string>& values) { return "{" + join(values, ",") + "}"; }

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const ModelSpec& spec : model_registry()) names.push_back(spec.name);
  return names;
}

void bind_options(CLI::App& app, Console& console, const std::vector<OptionRef>& options, GivenOptions& given,
                  const std::vector<std::string>& only) {
  for (const OptionRef& option : options) {
    if (!only.empty() && !holds(only, option.name)) continue;
    const bool is_switch = std::holds_alternative<bool*>(option.value);
    CLI::Option* flag = is_switch ? bind_switch(app, console, option, given) : bind_value(app, option, given);
    if (!option.section.empty()) flag->group(option.section);
  }
}

void add_list(CLI::App& app, const std::string& flag, std::vector<std::string>& names,
              const std::string& help, const std::vector<std::string>& known) {
  const auto set = [&names, flag](const std::string& text) {
    names = split(text, ',');
    if (holds(names, ""))
      throw UsageError(flag, "\"" + text + "\" has a comma without a name on each side",
                       "write names with a comma alone between them: a,b");
  };
  app.add_option_function<std::string>(flag, set, help)->type_name(braces(known) + ",...");
}

void bind_recipe(CLI::App& app, Console& console, const std::string& base, GivenOptions& given,
                 const std::vector<std::string>& only, RecipeOfPreset recipe_of_preset) {
  Recipe shown = recipe_of_preset(base);
  bind_options(app, console, options_with_presets(shown, recipe_of_preset), given, only);
}

CLI::Option* bind_config(CLI::App& verb, ConfigOption& config) {
  CLI::Option* flag =
      verb.add_option("--config", config.file,
                      "take options from a JSON file or from a run's config.json; flags override it")
          ->type_name("FILE|RUN");
  for (const CLI::Option* option : verb.get_options()) {
    for (std::string name : option->get_lnames()) {
      std::replace(name.begin(), name.end(), '-', '_');
      config.elsewhere.push_back(name);
    }
  }
  config.elsewhere.emplace_back("data");
  return flag;
}

}  // namespace graft::cli
