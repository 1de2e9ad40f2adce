#include "graft/core/random.h"

#include <numeric>
#include <utility>

namespace graft {
namespace {

constexpr std::uint64_t golden_gamma = 0x9E3779B97F4A7C15ULL;

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed, std::uint64_t epoch, std::uint64_t sample, std::uint64_t stream)
    : state_(mix(mix(mix(mix(seed + golden_gamma) ^ epoch) + golden_gamma * 2 + sample) + golden_gamma * 3 +
                 stream)) {}

std::uint64_t Random::bits() { return mix(state_ += golden_gamma); }

double Random::uniform(double low, double high) {
  return low + (high - low) * (static_cast<double>(bits() >> 11) * 0x1.0p-53);
}

std::uint64_t Random::below(std::uint64_t bound) {
  // Draws from the incomplete last block of `bound` values are rejected, so that the result is unbiased.
  const std::uint64_t reject_below = (0 - bound) % bound;
  std::uint64_t value = bits();
  while (value < reject_below) value = bits();
  return value % bound;
}

std::vector<std::uint32_t> permutation(std::uint32_t count, Random random) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  for (std::uint32_t i = count; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace graft
