// Arithmetic on shapes that come from outside, and bytes that a tensor can lie on. Internal.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graft/weights/state_dict.h"

namespace graft {

// The number of bytes of a tensor; empty when a size is negative or the product does not fit 63 bits.
std::optional<std::uint64_t> tensor_bytes(DType dtype, std::span<const std::int64_t> shape);

// `bytes` where they are when their address is a multiple of `alignment`; a copy, kept by `owners`,
// otherwise.
std::span<const std::uint8_t> aligned(std::span<const std::uint8_t> bytes, std::size_t alignment,
                                      std::vector<std::shared_ptr<const void>>& owners);

// Fresh memory that `owners` keep.
std::span<std::uint8_t> allocate(std::size_t size, std::vector<std::shared_ptr<const void>>& owners);

// Throws Error where `state` has entries, but no tensor among them that could be read.
void check_readable(const std::string& where, const StateDict& state);

// What both writers demand: names that are unique, UTF-8 and not empty, and as many bytes as the shape says.
// Throws Error naming `where` and the tensor.
void check_writable(const std::string& where, std::span<const NamedTensor> tensors);

}  // namespace graft
