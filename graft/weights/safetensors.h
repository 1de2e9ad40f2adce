// The safetensors format (huggingface.co/docs/safetensors): 8 bytes of header length, a JSON header, the
// data.
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "graft/core/files.h"
#include "graft/weights/state_dict.h"

namespace graft {

// Refuses what the format forbids: overlaps, gaps, duplicate keys, headers above 100 MB, offsets past the
// end.
StateDict read_safetensors(const std::filesystem::path& path);

// Writes to an open file; `where` names it in messages.
void write_safetensors(OutputFile& file, const std::string& where, std::span<const NamedTensor> tensors,
                       const std::map<std::string, std::string>& metadata);
// Atomic: the old file remains until the new one is complete.
void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                       const std::map<std::string, std::string>& metadata);

// For files that only graft reads: adds the SHA-256 of the tensors' data to the metadata as "checksum".
void write_with_checksum(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                         std::map<std::string, std::string> metadata);
// Throws Error if `state`, read from `path`, has a checksum that does not match its data. Files of earlier
// versions have no checksum.
void verify_checksum(const std::filesystem::path& path, const StateDict& state);

}  // namespace graft
