// device_memory.h, implemented with the CUDA runtime.
#include <c10/cuda/CUDAGuard.h>
#include <cuda_runtime_api.h>

#include "graft/device/device_memory.h"

namespace graft {

std::optional<std::uint64_t> device_memory_free(const torch::Device& device) {
  if (!device.is_cuda()) return std::nullopt;
  const c10::cuda::CUDAGuard on_device(device);
  std::size_t free_bytes = 0, all_bytes = 0;
  if (cudaMemGetInfo(&free_bytes, &all_bytes) != cudaSuccess) return std::nullopt;
  return free_bytes;
}

}  // namespace graft
