// What one pass over the samples consists of, decided before it begins, and the two ways to run it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "graft/data/load_sample.h"
#include "graft/data/loader.h"

namespace graft {

// The last one may be smaller. batch_size ≥ 1.
inline std::size_t batch_count(std::size_t samples, std::size_t batch_size) {
  return (samples + batch_size - 1) / batch_size;
}

struct EpochPlan {
  SampleLoader loader;
  std::vector<std::uint32_t> order;  // samples as they are given
  std::size_t batch_size = 1;        // at most order.size() unless that is 0
  bool skip_bad = false;

  std::size_t batches() const { return batch_count(order.size(), batch_size); }
  std::span<const std::uint32_t> batch(std::size_t number) const {
    const std::size_t first = number * batch_size;
    return std::span(order).subspan(first, std::min(batch_size, order.size() - first));
  }
};

std::unique_ptr<BatchStream> direct_stream(EpochPlan plan);

// `workers` threads keep up to `depth` batches ahead. Both ≥ 1. Throws Error where no thread can be started.
std::unique_ptr<BatchStream> worker_stream(EpochPlan plan, std::size_t workers, std::size_t depth);

}  // namespace graft
