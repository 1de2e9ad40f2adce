// Options from a JSON file: a run's config.json, or a hand-written file.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "graft/core/option.h"

namespace graft {

// The JSON object in a file. Throws UsageError with the line of an error, and for a duplicate name.
nlohmann::ordered_json read_json_object(const std::filesystem::path& path);

struct FileOption {
  std::string name, value;
  std::string place;  // "FILE:3", for messages
};

// The options in the file: the members of its "options", or of the whole object if it has no "options";
// beside "options" only the fields of a run's config.json are allowed. "batch_size" and "batch-size" are the
// same. Each option must be in `known`, where it is set, and must occur once; otherwise throws UsageError
// with the line, the option, and what is allowed. `elsewhere`: names that are set outside the file; one that
// is not `known` is never in it.
std::vector<FileOption> read_options(const std::filesystem::path& path, const std::vector<OptionRef>& known,
                                     const std::vector<std::string>& elsewhere = {});

}  // namespace graft
