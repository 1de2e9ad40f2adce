// A restricted unpickler: Python's pickle format (protocols 2 to 5) as far as checkpoints need it. It makes
// values; it never calls anything. What a function or class outside a short list would make becomes an
// Object: a placeholder that holds what the file gives it, and does nothing. Internal.
//
// Values live in one flat table and name each other by index, so that no nesting, sharing or cycle in a file
// can deepen a recursion, here or in a destructor.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "graft/weights/state_dict.h"

namespace graft::pickle {

using Index = std::uint32_t;  // of Document::values

struct None {};
struct Text {
  std::string_view text;  // in the bytes that were read; any bytes, not necessarily UTF-8
};
// A value that no state dict needs (bytes, an integer beyond 64 bits): known by its bytes at most.
struct Opaque {
  std::string_view bytes;
};
struct List {  // a list, tuple or set
  std::vector<Index> items;
};
struct Dict {  // in the order of the file; keys may repeat
  std::vector<std::pair<Index, Index>> items;
};
// Memory that tensors share, by the key under which the file holds it.
struct Storage {
  std::optional<DType> dtype;  // empty: untyped, or of a type that DType lacks
  std::string_view type;       // "FloatStorage"
  std::size_t element_bytes = 1;
  std::string_view key;
  std::int64_t count = 0;  // elements
};
struct Tensor {
  Index storage = 0;
  std::int64_t offset = 0;  // elements
  std::vector<std::int64_t> shape, stride;
  bool marked = false;  // conjugated or negated: the memory holds other values than the tensor
};
// A function or class by its name. The kinds are those whose results are understood; the result of any other
// is an Object.
struct Global {
  enum Kind {
    ordered_dict,
    rebuild_tensor,
    rebuild_tensor_v2,
    rebuild_parameter,
    rebuild_from_type,
    storage,
    size,
    other
  };
  Kind kind;
  std::string_view module, name;  // in the bytes that were read
};
// What calling `type` would make, which is never called.
struct Object {
  Index type = 0;                              // a Global
  std::vector<std::pair<Index, Index>> items;  // what the file sets in it, as in a dict
  std::optional<Index> state;                  // what the file gives it as its attributes
};

using Value =
    std::variant<None, bool, std::int64_t, double, Text, Opaque, List, Dict, Storage, Tensor, Global, Object>;

struct Document {
  std::vector<Value> values;
  Index root = 0;
  std::size_t consumed = 0;  // bytes, up to and with the STOP

  template <class T>
  const T* as(Index index) const {
    return std::get_if<T>(&values[index]);
  }
};

// Reads one pickle at the start of `bytes`, which must outlive the result. `where` names it in errors.
Document read(std::span<const std::uint8_t> bytes, const std::string& where);

// The items of a dict, or of an Object that the file uses as one; null for all else.
const std::vector<std::pair<Index, Index>>* items_of(const Value& value);

// What a value is, for people: "a dict", "a number", "an object of argparse.Namespace".
std::string kind_name(const Document& document, Index index);

// "module.name" of a Global, or of an Object's type; empty for all else. Fit for a message.
std::string foreign_name(const Document& document, Index index);

}  // namespace graft::pickle
