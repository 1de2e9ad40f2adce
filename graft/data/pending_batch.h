// A batch being filled by one or more threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <vector>

#include "graft/data/load_sample.h"
#include "graft/data/loader.h"

namespace graft {

// Call load() once for each slot, from any threads, and finish() once after a load() returned true.
class PendingBatch {
 public:
  // `indices`: the samples, which must outlive this; `images`: memory for all of them.
  PendingBatch(std::span<const std::uint32_t> indices, std::shared_ptr<float[]> images);

  // Fills one slot; a failure is stored for finish(). True for the last slot. After load(), a thread must not
  // access this object unless it is the one that calls finish().
  bool load(std::size_t slot, const SampleLoader& loader);
  bool complete() const { return remaining_.load(std::memory_order_acquire) == 0; }

  // Adds the unreadable pictures to `bad` and closes their gaps; without `skip_bad`, throws the first one's
  // Error. Failures other than Error are always thrown.
  Batch finish(const SampleLoader& loader, bool skip_bad, std::vector<BadImage>& bad);

 private:
  std::span<const std::uint32_t> indices_;
  std::shared_ptr<float[]> images_;
  std::vector<std::exception_ptr> failures_;  // by slot; null for a picture that was read
  std::atomic<std::size_t> remaining_;
};

}  // namespace graft
