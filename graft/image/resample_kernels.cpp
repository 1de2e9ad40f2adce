#include "graft/image/resample_kernels.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace graft {
namespace {

// Four lanes hold the three channels of a pixel and one unused value, which the next pixel overwrites. GCC
// and Clang compile these vectors for any processor.
using Lanes = std::int32_t __attribute__((vector_size(16)));
constexpr std::size_t spare_lanes = 1;

class PortableAcross : public AcrossKernel {
 public:
  PortableAcross(int width, const FilterTaps& taps)
      : taps_(taps),
        values_(static_cast<std::size_t>(width) * 3),
        in_(values_ + static_cast<std::size_t>(taps.stride) * 3 + spare_lanes),
        sums_(taps.first.size() * 3 + spare_lanes) {}

  void run(const std::uint8_t* row, std::uint8_t* out) override {
    std::copy_n(row, values_, in_.data());
    sum_pixels();
    std::transform(sums_.begin(), sums_.end() - spare_lanes, out, from_fixed);
  }

 private:
  void sum_pixels() {
    std::int32_t* sums = sums_.data();
    const std::int32_t* weights = taps_.weights.data();
    for (const int first : taps_.first) {
      const std::int32_t* pixel = in_.data() + static_cast<std::size_t>(first) * 3;
      Lanes sum = {};
      for (int t = 0; t < taps_.stride; ++t, pixel += 3) {
        Lanes lanes;
        std::memcpy(&lanes, pixel, sizeof lanes);
        sum += lanes * weights[t];
      }
      std::memcpy(sums, &sum, sizeof sum);
      weights += taps_.stride;
      sums += 3;
    }
  }

  const FilterTaps& taps_;
  std::size_t values_;
  std::vector<std::int32_t> in_;  // a row, padded with zeros for the longest taps
  std::vector<std::int32_t> sums_;
};

std::unique_ptr<AcrossKernel> across(int width, const FilterTaps& taps) {
  return std::make_unique<PortableAcross>(width, taps);
}

void down(const std::uint8_t* const* rows, const std::int32_t* weights, int count, std::size_t values,
          std::uint8_t* out) {
  constexpr std::size_t at_once = 64;  // sums that fit in the L1 cache
  for (std::size_t begin = 0; begin < values; begin += at_once) {
    std::int32_t sums[at_once] = {};
    const std::size_t width = std::min(at_once, values - begin);
    for (int t = 0; t < count; ++t) {
      for (std::size_t x = 0; x < width; ++x) sums[x] += rows[t][begin + x] * weights[t];
    }
    std::transform(sums, sums + width, out + begin, from_fixed);
  }
}

}  // namespace

const ResampleKernels& portable_kernels() {
  static constexpr ResampleKernels kernels{across, down};
  return kernels;
}

const ResampleKernels& best_kernels() {
  static const ResampleKernels& best = avx2_kernels() != nullptr ? *avx2_kernels() : portable_kernels();
  return best;
}

}  // namespace graft
