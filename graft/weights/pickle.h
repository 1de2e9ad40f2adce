// A restricted unpickler for checkpoints: Python's pickle format, protocols 2 to 5. It builds values and
// never calls anything. The result of a function or class outside a short list becomes an Object, an inert
// placeholder for the data that the file sets in it. Internal.
//
// Values are in one flat table and refer to each other by index, so that nesting, sharing or a cycle in a
// file cannot cause deep recursion, here or in a destructor.
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
  std::string_view text;  // a view of the input; any bytes, not necessarily UTF-8
};
// A value that no state dict needs (bytes, an integer beyond 64 bits).
struct Opaque {
  std::string_view bytes;
};
struct List {  // a list, tuple or set
  std::vector<Index> items;
};
struct Dict {  // in the order of the file; keys may repeat
  std::vector<std::pair<Index, Index>> items;
};
// Memory that tensors share, with its key in the file.
struct Storage {
  std::optional<DType> dtype;  // empty: untyped, or a type that DType lacks
  std::string_view type;       // "FloatStorage"
  std::size_t element_bytes = 1;
  std::string_view key;
  std::int64_t count = 0;  // elements
};
struct Tensor {
  Index storage = 0;
  std::int64_t offset = 0;  // elements
  std::vector<std::int64_t> shape, stride;
  bool marked = false;  // conjugated or negated: the stored values are not the tensor's values
};
// A function or class by its name. The kinds other than `other` are those whose results are supported; the
// result of `other` is an Object.
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
  std::string_view module, name;  // views of the input
};
// A placeholder for an instance of `type`, which is never called.
struct Object {
  Index type = 0;                              // a Global
  std::vector<std::pair<Index, Index>> items;  // set by the file, as in a dict
  std::optional<Index> state;                  // its attributes in the file
};

using Value =
    std::variant<None, bool, std::int64_t, double, Text, Opaque, List, Dict, Storage, Tensor, Global, Object>;

struct Document {
  std::vector<Value> values;
  Index root = 0;
  std::size_t consumed = 0;  // bytes, up to and including STOP

  template <class T>
  const T* as(Index index) const {
    return std::get_if<T>(&values[index]);
  }
};

// Reads one pickle at the start of `bytes`, which must outlive the result. `where` names it in messages.
Document read(std::span<const std::uint8_t> bytes, const std::string& where);

// The items of a dict, or of an Object that the file uses as a dict; null for any other value.
const std::vector<std::pair<Index, Index>>* items_of(const Value& value);

// A description of a value for messages: "a dict", "a number", "an object of argparse.Namespace".
std::string kind_name(const Document& document, Index index);
// Whether it is a tensor of a kind that graft does not read.
bool is_unread_tensor(const Document& document, Index index);

// "module.name" of a Global, or of an Object's type; empty for any other value. Printable.
std::string foreign_name(const Document& document, Index index);

}  // namespace graft::pickle
