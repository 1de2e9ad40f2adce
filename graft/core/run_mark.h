// How a run folder is known from any other, by stages that know nothing else of runs.
#pragma once

#include <filesystem>

namespace graft {

// A run folder has a file of this name, a JSON object whose "format" is this text (docs/formats/run.md).
inline constexpr const char* run_mark_file = "config.json";
inline constexpr const char* run_mark_format = "graft-run";
// The metadata's "format" of a checkpoint, a safetensors file in the run folder.
inline constexpr const char* checkpoint_format = "graft-checkpoint";

// Whether `path` is the folder of a training. What cannot be read is none.
bool is_run_folder(const std::filesystem::path& path);

}  // namespace graft
