// From an unpickled file to named tensors. Internal.
#pragma once

#include <functional>
#include <string>

#include "graft/weights/pickle.h"
#include "graft/weights/pth_find.h"
#include "graft/weights/state_dict.h"

namespace graft {

// The bytes of a storage in the file. Called once per key.
using StorageBytes = std::function<std::span<const std::uint8_t>(const pickle::Storage&)>;

// The limit on copies of a file's bytes (unpacked, or in another order), in proportion to the file. Bytes.
constexpr std::uint64_t max_copies(std::uint64_t file_size) { return 4 * file_size + (64ULL << 20); }

// Adds the tensors among `found` to `state`, in their order, and the key and metadata of `found`. Contiguous
// tensors are views of the file; others are copied, up to max_copies(). Throws Error.
void collect_tensors(const pickle::Document& document, StateEntries found, const std::string& where,
                     std::uint64_t file_size, const StorageBytes& storage_bytes, StateDict& state);

}  // namespace graft
