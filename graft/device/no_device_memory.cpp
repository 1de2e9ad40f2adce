// device_memory.h without CUDA's headers.
#include "graft/device/device_memory.h"

namespace graft {

std::optional<std::uint64_t> device_memory_free(const torch::Device&) { return std::nullopt; }

}  // namespace graft
