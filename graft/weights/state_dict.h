// Named tensors as stored in a file, without torch, and the files that they are read from and written to.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graft/core/files.h"

namespace graft {

enum class DType { float32, float64, float16, bfloat16, int64, int32, int16, int8, uint8, boolean };

std::size_t bytes_of(DType dtype);
const char* to_string(DType dtype);  // "float32", …

// A non-owning view of a contiguous, row-major, little-endian tensor. Views from a reader are aligned to
// their element's size; writers accept any address.
struct TensorView {
  DType dtype = DType::float32;
  std::vector<std::int64_t> shape;  // empty for a scalar
  std::span<const std::uint8_t> bytes;

  std::int64_t count() const;  // the number of elements
};

struct NamedTensor {
  std::string name;
  TensorView tensor;
};

// For a file whose tensors are of kinds that graft does not read.
inline constexpr const char* unread_tensors_advice =
    "save dense tensors with values, converted by .float() in PyTorch";

// For weights in several files.
inline constexpr const char* one_file_advice =
    "load the model in Python and save it as one file: torch.save(model.state_dict(), …)";

// The tensors in the order of the file, the file's metadata (safetensors' `__metadata__`; a checkpoint's
// "arch" and "architecture"), and the owners of the bytes. Names are unique. Copies share the bytes.
struct StateDict {
  std::vector<NamedTensor> tensors;
  std::map<std::string, std::string> metadata;
  std::vector<std::shared_ptr<const void>> owners;
  // Descriptions ("a number") of entries that are not tensors, or are tensors of a type that DType lacks.
  std::map<std::string, std::string> unread;
  // The state dict's key in a checkpoint ("state_dict", "checkpoint.model"; empty: the file is a state dict),
  // and the keys of other state dicts, which are not read.
  std::string key;
  std::vector<std::string> other_keys;
  // Of a pickled module: its class, "torchvision.models.resnet.ResNet". Only its tensors are read.
  std::string module;

  const TensorView* find(const std::string& name) const;  // null if absent
};

// The file of the weights in a repository of the Hugging Face hub; the first one that is there.
inline constexpr std::array hub_weights_files = {"model.safetensors", "pytorch_model.bin"};

// Reads weights in any supported format: a `.pth` (zip archive or legacy pickle) or a `.safetensors`,
// distinguished by content. Nothing in the file is ever executed. Throws Error.
StateDict read_weights(const std::filesystem::path& path);

// Whether a file with this beginning (its first 512 bytes are enough) is for read_pth() to read, or to refuse
// with a specific message.
bool is_pth(std::string_view start);

// The file is a state dict, contains one under any key, or is or contains a whole module, whose tensors are
// read from its attributes (find_entries() in pth_find.h defines the choice among several).
StateDict read_pth(const std::filesystem::path& path);

// The folder of all records in a file that write_pth wrote; identifies such files.
inline constexpr const char* exported_pth_folder = "graft/";

// Writes an OrderedDict of tensors as torch.save does (zip, protocol 2), in the given order: to an open file,
// which `where` names in messages, or to a path, atomically. `version`: that of the network's class in Python
// (torch.nn.Module's _version), which is in the metadata of the state dict.
void write_pth(OutputFile& file, const std::string& where, std::span<const NamedTensor> tensors,
               std::int64_t version = 1);
void write_pth(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
               std::int64_t version = 1);

// The safetensors format (huggingface.co/docs/safetensors): 8 bytes of header length, a JSON header, the
// data.

// Refuses what the format forbids: overlaps, gaps, duplicate keys, headers above 100 MB, offsets past the
// end.
StateDict read_safetensors(const std::filesystem::path& path);

// Writes to an open file; `where` names it in messages.
void write_safetensors(OutputFile& file, const std::string& where, std::span<const NamedTensor> tensors,
                       const std::map<std::string, std::string>& metadata);
// Atomic: the old file remains until the new one is complete.
void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                       const std::map<std::string, std::string>& metadata);

// For files that only graft reads: adds the SHA-256 of the header and of the data to the metadata as
// "checksum".
void write_with_checksum(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                         std::map<std::string, std::string> metadata);
// Throws Error if `state`, read from `path`, has a checksum that does not match. Files of earlier
// versions have no checksum.
void verify_checksum(const std::filesystem::path& path, const StateDict& state);

}  // namespace graft
