// PyTorch's own files: torch.save's zip archives and the legacy pickles before 1.6, read by a restricted
// unpickler that knows tensors and containers and executes nothing, and written so that
// torch.load(weights_only=True) reads them.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "graft/core/files.h"
#include "graft/weights/state_dict.h"

namespace graft {

// Whether a file that begins so (its first 512 bytes are enough) is one for read_pth() to read or to refuse
// by name.
bool is_pth(std::string_view start);

// The file is a state dict, or holds one under any key, or is or holds a whole module, whose tensors are then
// read from its attributes (find_entries() in pth_find.h says which is taken where there are several).
StateDict read_pth(const std::filesystem::path& path);

// The one folder of the records of a file that write_pth wrote, by which it is known again.
inline constexpr const char* exported_pth_folder = "graft/";

// Writes an OrderedDict of tensors as torch.save does (zip, protocol 2), in the order given: to an open file,
// which `where` names in messages, or in place of a file, atomically.
void write_pth(OutputFile& file, const std::string& where, std::span<const NamedTensor> tensors);
void write_pth(const std::filesystem::path& path, std::span<const NamedTensor> tensors);

}  // namespace graft
