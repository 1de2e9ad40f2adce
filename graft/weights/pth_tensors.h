// From an unpickled file to named tensors. Internal.
#pragma once

#include <functional>
#include <string>

#include "graft/weights/pickle.h"
#include "graft/weights/state_dict.h"

namespace graft {

// Where a file keeps a storage's bytes, as many as it holds. Called once a key.
using StorageBytes = std::function<std::span<const std::uint8_t>(const pickle::Storage&)>;

// Adds the tensors of the state dict in `document` to `state`, in its order: the dict at the root, or the one
// in it under "state_dict", "model" or "model_state_dict". Contiguous tensors lie where the file has them;
// others are copied, as long as the copies stay in proportion to `file_size`. Throws Error.
void collect_tensors(const pickle::Document& document, const std::string& where, std::uint64_t file_size,
                     const StorageBytes& storage_bytes, StateDict& state);

}  // namespace graft
