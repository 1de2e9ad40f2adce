// A batch that is being filled, by one thread or by many.
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

// load() once for each slot, from any threads; when one of these calls has returned true, finish() once.
class PendingBatch {
 public:
  // `indices`: the samples, which must outlive this; `images`: room for all of them.
  PendingBatch(std::span<const std::uint32_t> indices, std::shared_ptr<float[]> images);

  // Fills one slot; a failure is kept for finish(). True when it was the last one: the caller must then not
  // touch this object again unless it is the one who finishes it.
  bool load(std::size_t slot, const SampleLoader& loader);
  bool complete() const { return remaining_.load(std::memory_order_acquire) == 0; }

  // Adds the unreadable pictures to `bad` and closes their gaps; without `skip_bad`, throws the first one's
  // Error. Failures that are not an Error are always thrown.
  Batch finish(const SampleLoader& loader, bool skip_bad, std::vector<BadImage>& bad);

 private:
  std::span<const std::uint32_t> indices_;
  std::shared_ptr<float[]> images_;
  std::vector<std::exception_ptr> failures_;  // by slot; null for a picture that was read
  std::atomic<std::size_t> remaining_;
};

}  // namespace graft
