// Options out of a JSON file: a run's own config.json, or one that people write.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "graft/core/option.h"

namespace graft {

// The JSON object in a file. Throws UsageError with the line of what cannot be read, and for a name that is
// there twice.
nlohmann::ordered_json read_json_object(const std::filesystem::path& path);

struct FileOption {
  std::string name, value;
  std::string place;  // "FILE:3", for messages
};

// The options that the file gives: the members of its "options", or of itself where it has no "options";
// beside these only what a run's config.json records may stand. "batch_size" and "batch-size" are the same.
// Each is one of `known`, is set there, and comes once; else throws UsageError with the line, the option, and
// what is allowed. `elsewhere`: names of what is given beside the options; one that is not `known` is never
// in a file.
std::vector<FileOption> read_options(const std::filesystem::path& path, const std::vector<OptionRef>& known,
                                     const std::vector<std::string>& elsewhere = {});

}  // namespace graft
