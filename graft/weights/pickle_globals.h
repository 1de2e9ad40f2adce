// The functions and classes whose results are supported. Internal.
#pragma once

#include <optional>
#include <string_view>

#include "graft/weights/pickle.h"

namespace graft::pickle {

// The kind is `other` if the name is not one of them.
Global find_global(std::string_view module, std::string_view name);

// A storage class, such as "FloatStorage".
struct StorageType {
  std::string_view name;
  std::optional<DType> dtype;  // empty if untyped, or a type that DType lacks
  std::size_t element_bytes;
};

// Null if the name is not a storage class.
const StorageType* find_storage_type(std::string_view name);

}  // namespace graft::pickle
