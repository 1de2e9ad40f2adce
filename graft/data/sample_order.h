// Which samples an epoch sees, and in which order.
#pragma once

#include <cstdint>
#include <vector>

#include "graft/data/loader.h"

namespace graft {

// What these options say for one epoch, all of it following from (options.seed, epoch):
// 0 … n−1; with options.shuffle a permutation; with Sampling::balanced n draws with replacement, a label by
// lot and one of its samples by lot.
std::vector<std::uint32_t> sample_order(const std::vector<Sample>& samples, const LoaderOptions& options,
                                        std::uint64_t epoch);

}  // namespace graft
