// Pixel buffers of one size, reused after their last user releases them, so that an epoch allocates memory
// only at its start. Thread-safe; buffers may outlive their user's handle to the pool.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace graft {

class BufferPool : public std::enable_shared_from_this<BufferPool> {
 public:
  static std::shared_ptr<BufferPool> make(std::size_t floats);
  // `floats` values, not initialised. Throws Error if memory is exhausted.
  std::shared_ptr<float[]> take();

 private:
  explicit BufferPool(std::size_t floats) : floats_(floats) {}
  std::unique_ptr<float[]> free_or_new();

  const std::size_t floats_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<float[]>> free_;
};

}  // namespace graft
