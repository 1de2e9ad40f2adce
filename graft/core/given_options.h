// Options that were asked for by name, apart from those that keep their defaults.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graft/core/option.h"

namespace graft {

// Names of options ("batch_size") and their values as text, in the order given; the last one of a name holds.
using GivenOptions = std::vector<std::pair<std::string, std::string>>;

// Sets those of `given` that are among `options`. Throws UsageError.
void apply_options(const std::vector<OptionRef>& options, const GivenOptions& given);

// The last value given for `name`, or `otherwise`.
std::string given_or(const GivenOptions& given, const std::string& name, const std::string& otherwise);
bool is_given(const GivenOptions& given, const std::string& name);

// The names alone.
std::vector<std::string> names_of(const GivenOptions& given);

}  // namespace graft
