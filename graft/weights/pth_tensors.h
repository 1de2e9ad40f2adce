// From an unpickled file to named tensors. Internal.
#pragma once

#include <functional>
#include <string>

#include "graft/weights/pickle.h"
#include "graft/weights/pth_find.h"
#include "graft/weights/state_dict.h"

namespace graft {

// Where a file keeps a storage's bytes, as many as it holds. Called once a key.
using StorageBytes = std::function<std::span<const std::uint8_t>(const pickle::Storage&)>;

// Copies of a file's bytes, which unpacking or another order of them asks for, stay in proportion to the
// file.
constexpr std::uint64_t max_copies(std::uint64_t file_size) { return 4 * file_size + (64ULL << 20); }

// Adds the tensors among `found` to `state`, in their order, and what else `found` says. Contiguous tensors
// lie where the file has them; others are copied, as long as max_copies() allows. Throws Error.
void collect_tensors(const pickle::Document& document, StateEntries found, const std::string& where,
                     std::uint64_t file_size, const StorageBytes& storage_bytes, StateDict& state);

}  // namespace graft
