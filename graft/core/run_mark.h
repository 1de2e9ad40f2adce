// How stages below graft/run recognise a run folder.
#pragma once

#include <filesystem>

namespace graft {

// A run folder has a file of this name, a JSON object whose "format" is this text (docs/formats/run.md).
inline constexpr const char* run_mark_file = "config.json";
inline constexpr const char* run_mark_format = "graft-run";
// The metadata's "format" of a checkpoint, a safetensors file in the run folder.
inline constexpr const char* checkpoint_format = "graft-checkpoint";

// The key of graft's version in files for other programs, by which graft recognises them as its own.
inline constexpr const char* exported_mark = "exported_by";

// Whether `path` is a run folder. False if it cannot be read.
bool is_run_folder(const std::filesystem::path& path);

}  // namespace graft
