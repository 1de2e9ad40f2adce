// Flags from option tables, which alone have the names, ranges and helps of options.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/flags.h"
#include "graft/core/option.h"
#include "graft/session/asked_options.h"
#include "graft/train/recipe.h"

namespace graft::cli {

// Adds a flag for each option; its present value is shown as the default. Messages of `console` name a switch
// that is given as --no-NAME so. `given` must outlive the parsing. `only`: names to bind; empty for all.
void bind_options(CLI::App& app, Console& console, const std::vector<OptionRef>& options, GivenOptions& given,
                  const std::vector<std::string>& only = {});
// The same for each option of a struct with this table.
template <class Options, class Table>
void bind_options(CLI::App& app, Console& console, const Table& table, GivenOptions& given,
                  const std::vector<std::string>& only = {}) {
  Options defaults;
  bind_options(app, console, options_in(defaults, table), given, only);
}

// What a value can be, as helps show it and shells complete it: values in braces ({crop,squash,pad}), FILE,
// FOLDER, or other words (N, URL) that nothing completes; alternatives with bars between them.
std::string type_of(const OptionRef& option);
std::string braces(const std::vector<std::string>& values);
std::vector<std::string> model_names();  // of the registry
inline constexpr const char* weights_type = "{default,none}|NAME|FILE|RUN|URL";

// A value of a verb's own that no table has, read and checked as those of the tables are: "--top-k" for the
// name "top_k". `value`, a number or an enumeration, must outlive the parsing.
template <class Value>
CLI::Option* add_value(CLI::App& app, const std::string& name, Value& value, const std::string& help,
                       double min = 0, double max = 0) {
  const OptionRef option{name, help, "", min, max, option_detail::reference(value)};
  const auto set = [option](const std::string& text) { option.set(text); };
  return app.add_option_function<std::string>(flag_of(name), set, help)->type_name(type_of(option));
}

// A list of names with commas between them, in one argument; shells complete those of `known`.
void add_list(CLI::App& app, const std::string& flag, std::vector<std::string>& names,
              const std::string& help, const std::vector<std::string>& known);

// Adds a flag for each of a recipe's options (`only`: for these). The values shown are those of the preset
// `base`, which hold where no preset is named; helps name those of the other presets.
void bind_recipe(CLI::App& app, Console& console, const std::string& base, GivenOptions& given,
                 const std::vector<std::string>& only = {}, RecipeOfPreset recipe_of_preset = preset);

// --config FILE|RUN: options from a file, which the command line overrides.
struct ConfigOption {
  std::string file;                    // empty where it was not given
  std::vector<std::string> elsewhere;  // the verb's options; a file has only those of a recipe
};
// To be called when the verb has all its other options; `config` must outlive the parsing.
CLI::Option* bind_config(CLI::App& verb, ConfigOption& config);

}  // namespace graft::cli
