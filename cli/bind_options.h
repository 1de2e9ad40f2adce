// Flags out of an option table: nothing about an option is said here again.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

#include "graft/core/option.h"

namespace graft::cli {

// What was given on the command line: names of options and their values as text, in the order given.
using GivenOptions = std::vector<std::pair<std::string, std::string>>;

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
          option.flag(), [option](const std::string& text) { option.set(text); }, help)
      ->type_name(std::is_integral_v<Number> ? "N" : "NUMBER");
}

// A value that is one of `choices`; `name` is a flag or a positional.
CLI::Option* add_choice(CLI::App& app, const std::string& name, std::string& value,
                        const std::vector<std::string>& choices, const std::string& help);

// Sets what was given. Throws UsageError.
void apply_options(const std::vector<OptionRef>& options, const GivenOptions& given);

// The last value given for `name`, or `otherwise`.
std::string given_or(const GivenOptions& given, const std::string& name, const std::string& otherwise);

// The names alone.
std::vector<std::string> names_of(const GivenOptions& given);

}  // namespace graft::cli
