// How much memory a device has left.
#pragma once

#include <cstdint>
#include <optional>

#include "graft/device/torch.h"

namespace graft {

// Bytes that neither this process nor another has taken. Nothing for the CPU (core/memory.h has that) and for
// a device that this build cannot ask: it asks CUDA alone, where CUDA's headers were found.
std::optional<std::uint64_t> device_memory_free(const torch::Device& device);

}  // namespace graft
