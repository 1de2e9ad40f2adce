// Sizes of untrusted shapes, and aligned memory for tensors. Internal.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graft/weights/state_dict.h"

namespace graft {

// The number of bytes of a tensor; empty if a size is negative or the product exceeds 63 bits.
std::optional<std::uint64_t> tensor_bytes(DType dtype, std::span<const std::int64_t> shape);

// `bytes` itself if its address is a multiple of `alignment`, else a copy owned by `owners`.
std::span<const std::uint8_t> aligned(std::span<const std::uint8_t> bytes, std::size_t alignment,
                                      std::vector<std::shared_ptr<const void>>& owners);

// New memory owned by `owners`.
std::span<std::uint8_t> allocate(std::size_t size, std::vector<std::shared_ptr<const void>>& owners);

// Throws Error if `state` has entries but no readable tensor.
void check_readable(const std::string& where, const StateDict& state);

// The requirements of both writers: names are unique, UTF-8 and not empty, and the byte counts match the
// shapes. Throws Error, which names `where` and the tensor.
void check_writable(const std::string& where, std::span<const NamedTensor> tensors);

}  // namespace graft
