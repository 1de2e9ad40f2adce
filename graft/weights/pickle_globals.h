// The functions and classes whose results are understood. Internal.
#pragma once

#include <optional>
#include <string_view>

#include "graft/weights/pickle.h"

namespace graft::pickle {

// Of the kind `other` where the name is not one of them.
Global find_global(std::string_view module, std::string_view name);

// A kind of memory by its class: "FloatStorage" and its like.
struct StorageType {
  std::string_view name;
  std::optional<DType> dtype;  // empty for an untyped one and for types that DType lacks
  std::size_t element_bytes;
};

// Null for a name that is no storage class's.
const StorageType* find_storage_type(std::string_view name);

}  // namespace graft::pickle
