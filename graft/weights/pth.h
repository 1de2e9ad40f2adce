// PyTorch's files: torch.save's zip archives and the legacy pickles before 1.6. Read by a restricted
// unpickler that supports tensors and containers and executes nothing; written so that
// torch.load(weights_only=True) reads them.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "graft/core/files.h"
#include "graft/weights/state_dict.h"

namespace graft {

// Whether a file with this beginning (its first 512 bytes are enough) is for read_pth() to read, or to refuse
// with a specific message.
bool is_pth(std::string_view start);

// The file is a state dict, contains one under any key, or is or contains a whole module, whose tensors are
// read from its attributes (find_entries() in pth_find.h defines the choice among several).
StateDict read_pth(const std::filesystem::path& path);

// The folder of all records in a file that write_pth wrote; identifies such files.
inline constexpr const char* exported_pth_folder = "graft/";

// Writes an OrderedDict of tensors as torch.save does (zip, protocol 2), in the given order: to an open file,
// which `where` names in messages, or to a path, atomically.
void write_pth(OutputFile& file, const std::string& where, std::span<const NamedTensor> tensors);
void write_pth(const std::filesystem::path& path, std::span<const NamedTensor> tensors);

}  // namespace graft
