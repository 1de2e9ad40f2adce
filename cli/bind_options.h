// Flags out of option tables: nothing about an option is said here again.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/flags.h"
#include "graft/core/option.h"
#include "graft/session/asked_options.h"
#include "graft/session/request.h"
#include "graft/train/recipe.h"

namespace graft::cli {

// Adds a flag for each option; its present value is shown as the default. `given` must outlive the parsing.
// `only`: names to bind; empty for all.
void bind_options(CLI::App& app, const std::vector<OptionRef>& options, GivenOptions& given,
                  const std::vector<std::string>& only = {});
// The same for each option of a struct with this table.
template <class Options, class Table>
void bind_options(CLI::App& app, const Table& table, GivenOptions& given,
                  const std::vector<std::string>& only = {}) {
  Options defaults;
  bind_options(app, options_in(defaults, table), given, only);
}

// The struct with what was given of its options.
template <class Options, class Table>
Options options_from(const Table& table, const GivenOptions& given) {
  Options options;
  apply_options(options_in(options, table), given);
  return options;
}

// What a value can be, as helps show it and shells complete it: values in braces ({crop,squash,pad}), FILE,
// FOLDER, or other words (N, URL) that nothing completes; alternatives with bars between them.
std::string type_of(const OptionRef& option);
std::string braces(const std::vector<std::string>& values);
std::string model_type();    // the names of the registry
std::string weights_type();  // what --weights takes

// A value of a verb's own that no table has, read and checked as those of the tables are: "--top-k" for the
// name "top_k". `value`, a number or an enumeration, must outlive the parsing.
template <class Value>
CLI::Option* add_value(CLI::App& app, const std::string& name, Value& value, const std::string& help,
                       double min = 0, double max = 0) {
  const OptionRef option{name, help, "", min, max, option_detail::reference(value)};
  const auto set = [option](const std::string& text) { option.set(text); };
  return app.add_option_function<std::string>(flag_of(name), set, help)->type_name(type_of(option));
}

// Adds a flag for each of a recipe's options (`only`: for these). The values shown are those that hold where
// no preset is named, which are those of the preset `base`; the help of an option that other presets set
// otherwise says so.
void bind_recipe(CLI::App& app, const std::string& base, GivenOptions& given,
                 const std::vector<std::string>& only = {}, RecipeOfPreset recipe_of_preset = preset);

// --config FILE|RUN: options out of a file, over which the command line stands.
struct ConfigOption {
  std::string file;                    // empty where it was not given
  std::vector<std::string> elsewhere;  // what else the verb takes, and no file does
};
// To be called when the verb has all its other options; `config` must outlive the parsing.
void bind_config(CLI::App& verb, ConfigOption& config);

// with_options_file() of it (graft/session/asked_options.h).
template <class Work>
auto with_config(const ConfigOption& config, const GivenOptions& given, Work&& work) {
  return with_options_file(config.file, config.elsewhere, given, std::forward<Work>(work));
}

// What stands in messages for a recipe's options that were given as --no-NAME.
std::map<std::string, std::string> negative_flags(const GivenOptions& given);

// What was given of --fit, --exif, --alpha and --decode, to stand over what the model file says.
PreprocessOverride asked_preprocess(const GivenOptions& given, const Recipe& recipe);

}  // namespace graft::cli
