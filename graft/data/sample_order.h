// In which order an epoch sees its samples.
#pragma once

#include <cstdint>
#include <vector>

namespace graft {

// 0 … count−1, or with `shuffle` the permutation that follows from (seed, epoch).
std::vector<std::uint32_t> sample_order(std::uint32_t count, bool shuffle, std::uint64_t seed,
                                        std::uint64_t epoch);

}  // namespace graft
