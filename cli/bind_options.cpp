#include "cli/bind_options.h"

#include <algorithm>
#include <map>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/models/registry.h"

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

void bind_switch(CLI::App& app, const OptionRef& option, GivenOptions& given) {
  const bool on = *std::get<bool*>(option.value);
  const std::string positive = flag_of(option.name);
  const std::string negative = "--no-" + positive.substr(2);
  // The side that changes something is named first in the help.
  const std::string names = on ? "!" + negative + "," + positive : positive + ",!" + negative;
  CLI::Option* flag = app.add_flag_function(
      names,
      [&given, name = option.name](std::int64_t count) {
        given.emplace_back(name, count > 0 ? "true" : "false");
      },
      in_flags(option.help) + (on ? " (on by default)" : ""));
  if (!option.section.empty()) flag->group(option.section);
}

// " (finetune, feature-extract: 25; probe: 0)": the presets that set the option otherwise than `shown`.
std::string other_values(const OptionRef& shown, const std::vector<OptionRef>& same_in_presets,
                         const std::vector<std::string>& presets) {
  std::vector<std::string> values;  // in the order of the presets
  std::map<std::string, std::vector<std::string>> names;
  for (std::size_t i = 0; i < presets.size(); ++i) {
    const std::string value = same_in_presets[i].text();
    if (value == shown.text()) continue;
    if (names[value].empty()) values.push_back(value);
    names[value].push_back(presets[i]);
  }
  std::vector<std::string> parts;
  for (const std::string& value : values) parts.push_back(join(names[value], ", ") + ": " + value);
  return parts.empty() ? "" : " (" + join(parts, "; ") + ")";
}

}  // namespace

std::string type_of(const OptionRef& option) {
  if (const auto* choice = std::get_if<EnumRef>(&option.value))
    return braces({choice->names.begin(), choice->names.end()});
  if (std::holds_alternative<std::string*>(option.value)) return text_type(option.name);
  return std::holds_alternative<double*>(option.value) ? "NUMBER" : "N";
}

std::string braces(const std::vector<std::string>& values) { return "{" + join(values, ",") + "}"; }

std::string model_type() {
  std::vector<std::string> names;
  for (const ModelSpec& spec : model_registry()) names.push_back(spec.name);
  return braces(names);
}

std::string weights_type() { return "{default,none}|NAME|FILE|RUN|URL"; }

void bind_options(CLI::App& app, const std::vector<OptionRef>& options, GivenOptions& given,
                  const std::vector<std::string>& only) {
  for (const OptionRef& option : options) {
    if (!only.empty() && std::find(only.begin(), only.end(), option.name) == only.end()) continue;
    if (std::holds_alternative<bool*>(option.value)) {
      bind_switch(app, option, given);
      continue;
    }
    CLI::Option* flag = app.add_option_function<std::string>(
        flag_of(option.name),
        [&given, name = option.name](const std::string& text) { given.emplace_back(name, text); },
        in_flags(option.help));
    flag->type_name(type_of(option))->default_str(option.text());
    if (!option.section.empty()) flag->group(option.section);
  }
}

void bind_recipe(CLI::App& app, const std::string& base, GivenOptions& given,
                 const std::vector<std::string>& only, RecipeOfPreset recipe_of_preset) {
  Recipe shown = recipe_of_preset(base);
  const std::vector<std::string> names = preset_names();
  std::vector<Recipe> presets;
  for (const std::string& name : names) presets.push_back(recipe_of_preset(name));
  auto options = options_in(shown, recipe_options);
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (options[i].name == "preset") continue;
    std::vector<OptionRef> others;
    for (Recipe& recipe : presets) others.push_back(options_in(recipe, recipe_options)[i]);
    options[i].help += other_values(options[i], others, names);
  }
  bind_options(app, options, given, only);
}

std::map<std::string, std::string> negative_flags(const GivenOptions& given) {
  Recipe defaults;
  std::map<std::string, std::string> words;
  for (const OptionRef& option : options_in(defaults, recipe_options)) {
    if (std::holds_alternative<bool*>(option.value) && given_or(given, option.name, "") == "false")
      words[option.name] = flag_of("no_" + option.name);
  }
  return words;
}

PreprocessOverride asked_preprocess(const GivenOptions& given, const Recipe& recipe) {
  PreprocessOverride asked;
  if (is_given(given, "fit")) asked.fit = recipe.fit;
  if (is_given(given, "exif")) asked.exif = recipe.decode.exif;
  if (is_given(given, "alpha")) asked.alpha = recipe.decode.alpha;
  if (is_given(given, "decode")) asked.decode = recipe.decode.decode;
  return asked;
}

void bind_config(CLI::App& verb, ConfigOption& config) {
  verb.add_option("--config", config.file,
                  "take options from a JSON file or from a run's config.json; flags override it")
      ->type_name("FILE|RUN");
  Recipe known;
  const auto options = options_in(known, recipe_options);
  for (const CLI::Option* option : verb.get_options()) {
    for (std::string name : option->get_lnames()) {
      std::replace(name.begin(), name.end(), '-', '_');
      if (std::none_of(options.begin(), options.end(),
                       [&](const OptionRef& each) { return each.name == name; }))
        config.elsewhere.push_back(name);
    }
  }
  config.elsewhere.emplace_back("data");
}

}  // namespace graft::cli
