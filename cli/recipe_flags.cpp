#include "cli/recipe_flags.h"

#include <map>

#include "graft/core/text.h"

namespace graft::cli {
namespace {

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

Recipe recipe_of(const GivenOptions& given, const std::string& base, RecipeOfPreset recipe_of_preset) {
  Recipe recipe = recipe_of_preset(given_or(given, "preset", base));
  apply_options(options_in(recipe, recipe_options), given);
  return recipe;
}

}  // namespace graft::cli
