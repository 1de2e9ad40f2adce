#include "graft/data/buffer_pool.h"

#include <new>
#include <string>
#include <utility>

#include "graft/core/error.h"

namespace graft {

std::shared_ptr<BufferPool> BufferPool::make(std::size_t floats) {
  return std::shared_ptr<BufferPool>(new BufferPool(floats));
}

std::shared_ptr<float[]> BufferPool::take() {
  // The deleter owns the pool, not vice versa.
  return {free_or_new().release(), [pool = shared_from_this()](float* buffer) {
            const std::lock_guard lock(pool->mutex_);
            pool->free_.emplace_back(buffer);
          }};
}

std::unique_ptr<float[]> BufferPool::free_or_new() {
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      auto buffer = std::move(free_.back());
      free_.pop_back();
      return buffer;
    }
  }
  try {
    return std::make_unique_for_overwrite<float[]>(floats_);
  } catch (const std::bad_alloc&) {
    throw Error("`batch_size`",
                "cannot allocate " + std::to_string(floats_ * sizeof(float)) + " bytes for a batch",
                "lower `batch_size` or `workers`");
  }
}

}  // namespace graft
