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

// Sets what was given. Throws UsageError.
void apply_options(const std::vector<OptionRef>& options, const GivenOptions& given);

// The last value given for `name`, or `otherwise`.
std::string given_or(const GivenOptions& given, const std::string& name, const std::string& otherwise);

// The names alone.
std::vector<std::string> names_of(const GivenOptions& given);

}  // namespace graft::cli
