// The kernels for AVX2. Its fastest multiplication multiplies 16-bit numbers, two products at a time, and
// weights have 23 bits: a weight is high · 2¹⁵ + low with low in [0, 2¹⁵), and the two sums are combined at
// the end. The result is exact: intermediate sums may wrap, because the final sum fits 32 bits.
//
// Only the functions marked with KERNEL may use AVX2, and they must not call anything that the linker could
// share with the rest of the program, which must start on processors without AVX2.
#include <immintrin.h>

#include <cstring>
#include <vector>

#include "graft/image/resample_kernels.h"

#define KERNEL __attribute__((target("avx2")))
#define KERNEL_PART __attribute__((target("avx2"), always_inline)) inline

namespace graft {
namespace {

constexpr int low_bits = 15;
constexpr std::size_t group = 4;  // taps at a time

std::int32_t high_part(std::int32_t weight) { return weight >> low_bits; }
std::int32_t low_part(std::int32_t weight) { return weight & ((1 << low_bits) - 1); }
// Two 16-bit numbers in a 32-bit lane.
std::int32_t pair(std::int32_t first, std::int32_t second) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(first & 0xffff) |
                                   static_cast<std::uint32_t>(second) << 16);
}

KERNEL_PART __m256i load(const void* from) { return _mm256_loadu_si256(static_cast<const __m256i*>(from)); }

// Four taps of an output: eight lanes of high pairs, then eight of low pairs. Taps 0 and 1 are in the lower
// half, for red, green, blue and an unused lane; taps 2 and 3 are in the upper half.
constexpr std::size_t group_lanes = 16;

template <std::size_t Groups>
KERNEL void sum_pixels(const std::uint8_t* in, const int* first, const std::int32_t* weights,
                       std::size_t outputs, std::size_t groups, std::uint8_t* out) {
  const __m256i places = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,  //
                                          6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  const __m128i half = _mm_set1_epi32(1 << (weight_bits - 1));
  const std::size_t count = Groups != 0 ? Groups : groups;
  for (std::size_t i = 0; i < outputs; ++i, weights += count * group_lanes, out += 3) {
    const std::uint8_t* pixel = in + static_cast<std::size_t>(first[i]) * 3;
    __m256i high = _mm256_setzero_si256(), low = high;
    for (std::size_t g = 0; g < count; ++g, pixel += group * 3) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(pixel));
      const __m256i values = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), places);
      const std::int32_t* lanes = weights + g * group_lanes;
      high = _mm256_add_epi32(high, _mm256_madd_epi16(values, load(lanes)));
      low = _mm256_add_epi32(low, _mm256_madd_epi16(values, load(lanes + group_lanes / 2)));
    }
    const __m256i halves = _mm256_add_epi32(_mm256_slli_epi32(high, low_bits), low);
    const __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(halves), _mm256_extracti128_si256(halves, 1));
    const __m128i wide = _mm_srai_epi32(_mm_add_epi32(sum, half), weight_bits);
    const __m128i words = _mm_packs_epi32(wide, wide);
    const std::int32_t rgb = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
    std::memcpy(out, &rgb, 4);  // the fourth byte is the next pixel's
  }
}

class Avx2Across : public AcrossKernel {
 public:
  Avx2Across(int width, const FilterTaps& taps)
      : taps_(taps),
        values_(static_cast<std::size_t>(width) * 3),
        groups_((static_cast<std::size_t>(taps.stride) + group - 1) / group),
        weights_(taps.first.size() * groups_ * group_lanes, 0),
        in_(values_ + groups_ * group * 3 + 16),
        out_(taps.first.size() * 3 + 1) {
    for (std::size_t i = 0; i < taps.first.size(); ++i) {
      for (std::size_t g = 0; g < groups_; ++g) {
        std::int32_t* lanes = weights_.data() + (i * groups_ + g) * group_lanes;
        for (std::size_t lane = 0; lane < 8; ++lane) {
          const std::int32_t a = weight(i, g * group + lane / 4 * 2);
          const std::int32_t b = weight(i, g * group + lane / 4 * 2 + 1);
          lanes[lane] = pair(high_part(a), high_part(b));
          lanes[8 + lane] = pair(low_part(a), low_part(b));
        }
      }
    }
  }

  void run(const std::uint8_t* row, std::uint8_t* out) override {
    std::memcpy(in_.data(), row, values_);
    const auto sum = groups_ == 1   ? sum_pixels<1>
                     : groups_ == 2 ? sum_pixels<2>
                     : groups_ == 3 ? sum_pixels<3>
                                    : sum_pixels<0>;
    sum(in_.data(), taps_.first.data(), weights_.data(), taps_.first.size(), groups_, out_.data());
    std::memcpy(out, out_.data(), taps_.first.size() * 3);
  }

 private:
  std::int32_t weight(std::size_t output, std::size_t tap) const {
    const auto stride = static_cast<std::size_t>(taps_.stride);
    return tap < stride ? taps_.weights[output * stride + tap] : 0;
  }

  const FilterTaps& taps_;
  std::size_t values_, groups_;
  std::vector<std::int32_t> weights_;
  std::vector<std::uint8_t> in_, out_;  // padded for reads and writes beyond the row
};

std::unique_ptr<AcrossKernel> across(int width, const FilterTaps& taps) {
  return std::make_unique<Avx2Across>(width, taps);
}

// Adds to the sums of 8 values: `values` are pairs, one value of each row.
KERNEL_PART void add_pairs(__m256i values, __m256i high_weights, __m256i low_weights, __m256i& high,
                           __m256i& low) {
  high = _mm256_add_epi32(high, _mm256_madd_epi16(values, high_weights));
  low = _mm256_add_epi32(low, _mm256_madd_epi16(values, low_weights));
}

KERNEL_PART __m256i shifted(__m256i high, __m256i low) {
  const __m256i half = _mm256_set1_epi32(1 << (weight_bits - 1));
  const __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(high, low_bits), low);
  return _mm256_srai_epi32(_mm256_add_epi32(sum, half), weight_bits);
}

constexpr std::size_t at_once = 32;

// at_once values from `x`. Unpacking and packing both work within halves of a vector, so that packing
// restores the order.
KERNEL_PART void sum_rows(const std::uint8_t* const* rows, const std::int32_t* weights, int count,
                          std::size_t x, std::uint8_t* out) {
  const __m256i zero = _mm256_setzero_si256();
  __m256i high[4] = {zero, zero, zero, zero}, low[4] = {zero, zero, zero, zero};
  for (int t = 0; t < count; t += 2) {
    const bool both = t + 1 < count;
    const std::int32_t second = both ? weights[t + 1] : 0;
    const __m256i high_weights = _mm256_set1_epi32(pair(high_part(weights[t]), high_part(second)));
    const __m256i low_weights = _mm256_set1_epi32(pair(low_part(weights[t]), low_part(second)));
    const __m256i a = load(rows[t] + x), b = load(rows[both ? t + 1 : t] + x);
    const __m256i lower = _mm256_unpacklo_epi8(a, b), upper = _mm256_unpackhi_epi8(a, b);
    add_pairs(_mm256_unpacklo_epi8(lower, zero), high_weights, low_weights, high[0], low[0]);
    add_pairs(_mm256_unpackhi_epi8(lower, zero), high_weights, low_weights, high[1], low[1]);
    add_pairs(_mm256_unpacklo_epi8(upper, zero), high_weights, low_weights, high[2], low[2]);
    add_pairs(_mm256_unpackhi_epi8(upper, zero), high_weights, low_weights, high[3], low[3]);
  }
  const __m256i lower = _mm256_packs_epi32(shifted(high[0], low[0]), shifted(high[1], low[1]));
  const __m256i upper = _mm256_packs_epi32(shifted(high[2], low[2]), shifted(high[3], low[3]));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + x), _mm256_packus_epi16(lower, upper));
}

KERNEL void down(const std::uint8_t* const* rows, const std::int32_t* weights, int count, std::size_t values,
                 std::uint8_t* out) {
  if (values < at_once) {
    portable_kernels().down(rows, weights, count, values, out);
    return;
  }
  for (std::size_t x = 0; x + at_once <= values; x += at_once) sum_rows(rows, weights, count, x, out);
  if (values % at_once != 0) sum_rows(rows, weights, count, values - at_once, out);  // recomputes some values
}

}  // namespace

const ResampleKernels* avx2_kernels() {
  static constexpr ResampleKernels kernels{across, down};
  return __builtin_cpu_supports("avx2") != 0 ? &kernels : nullptr;
}

}  // namespace graft
