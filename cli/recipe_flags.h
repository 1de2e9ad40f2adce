// The flags of a recipe, and the recipe that they ask for.
#pragma once

#include <string>
#include <vector>

#include "cli/bind_options.h"
#include "graft/train/recipe.h"

namespace graft::cli {

// The recipe that a preset stands for in a verb: graft::preset, or a verb's own variation of it.
using RecipeOfPreset = Recipe (*)(const std::string& preset);

// Adds a flag for each of a recipe's options (`only`: for these). The values shown are those that hold where
// no preset is named, which are those of the preset `base`; the help of an option that other presets set
// otherwise says so.
void bind_recipe(CLI::App& app, const std::string& base, GivenOptions& given,
                 const std::vector<std::string>& only = {}, RecipeOfPreset recipe_of_preset = preset);

// The recipe of the preset that was given, or else of `base`, with what was given over it. Throws UsageError.
Recipe recipe_of(const GivenOptions& given, const std::string& base,
                 RecipeOfPreset recipe_of_preset = preset);

}  // namespace graft::cli
