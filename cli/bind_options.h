// Flags out of an option table: nothing about an option is said here again.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

#include "cli/flags.h"
#include "graft/core/option.h"
#include "graft/train/recipe.h"

namespace graft::cli {

// Adds a flag for each option; its present value is shown as the default. `given` must outlive the parsing.
// `only`: names to bind; empty for all.
void bind_options(CLI::App& app, const std::vector<OptionRef>& options, GivenOptions& given,
                  const std::vector<std::string>& only = {});

// What a value can be, as helps show it and shells complete it: values in braces ({crop,squash,pad}), FILE,
// FOLDER, or other words (N, URL) that nothing completes; alternatives with bars between them.
std::string braces(const std::vector<std::string>& values);
std::string model_type();    // the names of the registry
std::string weights_type();  // what --weights takes

// A number of a verb's own, read and checked as those of the tables are: "--top-k" for the name "top_k".
// `number` must outlive the parsing.
template <class Number>
CLI::Option* add_number(CLI::App& app, const std::string& name, Number& number, double min, double max,
                        const std::string& help) {
  const OptionRef option{name, help, "", min, max, &number};
  return app
      .add_option_function<std::string>(
          flag_of(name), [option](const std::string& text) { option.set(text); }, help)
      ->type_name(std::is_integral_v<Number> ? "N" : "NUMBER");
}

// A value that is one of `choices`; `name` is a flag or a positional.
CLI::Option* add_choice(CLI::App& app, const std::string& name, std::string& value,
                        const std::vector<std::string>& choices, const std::string& help);

// Adds a flag for each of a recipe's options (`only`: for these). The values shown are those that hold where
// no preset is named, which are those of the preset `base`; the help of an option that other presets set
// otherwise says so.
void bind_recipe(CLI::App& app, const std::string& base, GivenOptions& given,
                 const std::vector<std::string>& only = {}, RecipeOfPreset recipe_of_preset = preset);

// What stands for options in messages that were given as --no-NAME.
std::map<std::string, std::string> negative_flags(const GivenOptions& given,
                                                  const std::vector<OptionRef>& options);

}  // namespace graft::cli
