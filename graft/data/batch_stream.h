// The two ways to run a plan: in the thread that asks, or by workers ahead of it. Both give the same batches.
#pragma once

#include <memory>

#include "graft/data/epoch_plan.h"
#include "graft/data/loader.h"

namespace graft {

std::unique_ptr<BatchStream> direct_stream(EpochPlan plan);

// `workers` threads keep up to `depth` batches ahead. Both ≥ 1. Throws Error where no thread can be started.
std::unique_ptr<BatchStream> worker_stream(EpochPlan plan, std::size_t workers, std::size_t depth);

}  // namespace graft
