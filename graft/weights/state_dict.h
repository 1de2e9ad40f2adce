// Named tensors as a file holds them, without torch: what every reader of weights gives and every writer
// takes.
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

// A contiguous, row-major, little-endian tensor in somebody else's memory. What a reader gives begins at a
// multiple of its element's size; writers take any address.
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

// The tensors in the order of the file, the file's metadata (safetensors' `__metadata__`; of a checkpoint its
// "arch" and "architecture"), and what keeps the bytes alive. Names are unique. Copies share the bytes.
struct StateDict {
  std::vector<NamedTensor> tensors;
  std::map<std::string, std::string> metadata;
  std::vector<std::shared_ptr<const void>> owners;
  // Entries that are not tensors, or tensors of a type that DType lacks: what they are ("a number").
  std::map<std::string, std::string> unread;
  // Where in a checkpoint the state dict lies ("state_dict", "checkpoint.model"; empty: the file is one), and
  // where others lie, which are not read.
  std::string key;
  std::vector<std::string> other_keys;

  const TensorView* find(const std::string& name) const;  // null when absent
};

// Reads weights of any format known: a `.pth` (zip archive or legacy pickle) or a `.safetensors`,
// distinguished by content. Nothing in the file is ever executed. Throws Error.
StateDict read_weights(const std::filesystem::path& path);

}  // namespace graft
