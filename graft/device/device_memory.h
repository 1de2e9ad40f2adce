// The free memory of a device.
#pragma once

#include <cstdint>
#include <optional>

#include "graft/device/torch.h"

namespace graft {

// Bytes that no process has allocated. Empty for the CPU (see core/memory.h) and for devices that this build
// cannot query: only CUDA is supported, if its headers were found.
std::optional<std::uint64_t> device_memory_free(const torch::Device& device);

}  // namespace graft
