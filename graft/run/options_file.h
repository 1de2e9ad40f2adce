// Options out of a JSON file: a run's own config.json, or one that people write.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "graft/core/given_options.h"
#include "graft/core/option.h"

namespace graft {

// The JSON object in a file. Throws UsageError with the line of what cannot be read.
nlohmann::ordered_json read_json_object(const std::filesystem::path& path);

// The options that the file gives: the members of its "options", or of itself where it has no "options";
// "batch_size" and "batch-size" are the same. Each is one of `known` with a value that it can take; else
// throws UsageError with the line, the option, and what is allowed.
GivenOptions read_options(const std::filesystem::path& path, const std::vector<OptionRef>& known);

}  // namespace graft
