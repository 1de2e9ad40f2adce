#include "graft/data/sample_order.h"

#include <numeric>

#include "graft/core/random.h"
#include "graft/data/random_streams.h"

namespace graft {

std::vector<std::uint32_t> sample_order(std::uint32_t count, bool shuffle, std::uint64_t seed,
                                        std::uint64_t epoch) {
  if (shuffle) return permutation(count, Random(seed, epoch, 0, random_stream::shuffle));
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

}  // namespace graft
