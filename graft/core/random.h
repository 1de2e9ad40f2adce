// Random numbers as a pure function of (seed, epoch, sample): the same on every thread, in every order and on
// every machine. The generator is SplitMix64 (Steele, Lea and Flood, 2014).
#pragma once

#include <cstdint>
#include <vector>

namespace graft {

class Random {
 public:
  // `stream` separates the uses of one (seed, epoch, sample): shuffling, augmentation, splitting.
  Random(std::uint64_t seed, std::uint64_t epoch, std::uint64_t sample, std::uint64_t stream = 0);

  std::uint64_t bits();
  // Uniform in [low, high).
  double uniform(double low = 0.0, double high = 1.0);
  // Uniform integer in [0, bound), without bias. bound > 0.
  std::uint64_t below(std::uint64_t bound);

 private:
  std::uint64_t state_;
};

// A uniform permutation of 0 … count−1 (Fisher–Yates).
std::vector<std::uint32_t> permutation(std::uint32_t count, Random random);

}  // namespace graft
