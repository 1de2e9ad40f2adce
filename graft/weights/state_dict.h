// Named tensors as stored in a file, without torch: the result of every reader of weights and the input of
// every writer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

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

  const TensorView* find(const std::string& name) const;  // null if absent
};

// Reads weights in any supported format: a `.pth` (zip archive or legacy pickle) or a `.safetensors`,
// distinguished by content. Nothing in the file is ever executed. Throws Error.
StateDict read_weights(const std::filesystem::path& path);

}  // namespace graft
