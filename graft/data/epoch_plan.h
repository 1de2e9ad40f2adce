// The plan of one pass over the samples, made before it begins, and the two ways to run it.
#pragma once

#include <cstddef>
#include <memory>

#include "graft/data/load_sample.h"
#include "graft/data/loader.h"
#include "graft/data/sample_order.h"

namespace graft {

struct EpochPlan {
  SampleLoader loader;
  BatchOrder order;
  bool skip_bad = false;
  bool empty_batches = false;  // also return batches without a sample
};

std::unique_ptr<BatchStream> direct_stream(EpochPlan plan);

// `workers` threads keep up to `depth` batches ahead. Both ≥ 1. Throws Error if no thread can be started.
std::unique_ptr<BatchStream> worker_stream(EpochPlan plan, std::size_t workers, std::size_t depth);

}  // namespace graft
