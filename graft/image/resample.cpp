#include "graft/image/resample.h"

#include <algorithm>
#include <cstring>
#include <vector>

// One portable source, compiled a second time for AVX2 where the compiler and the C library can choose
// between the two at load time. (ThreadSanitizer is not up yet when the choice is made.)
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__SANITIZE_THREAD__)
#define GRAFT_ALSO_FOR_AVX2 __attribute__((target_clones("avx2", "default")))
#else
#define GRAFT_ALSO_FOR_AVX2
#endif

namespace graft {
namespace {

// Four lanes hold the three channels of a pixel and one of the next, which is thrown away: the next pixel
// overwrites it. GCC and Clang compile these vectors for any processor.
using Lanes = std::int32_t __attribute__((vector_size(16)));
constexpr std::size_t spare_lanes = 1;

GRAFT_ALSO_FOR_AVX2
void widen(const std::uint8_t* in, std::size_t count, std::int32_t* out) {
  for (std::size_t i = 0; i < count; ++i) out[i] = in[i];
}

// Weighted sums → 8 bits: rounded, clamped.
GRAFT_ALSO_FOR_AVX2
void narrow(const std::int32_t* sums, std::size_t count, std::uint8_t* out) {
  constexpr std::int32_t half = 1 << (weight_bits - 1);
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t value = (sums[i] + half) >> weight_bits;
    out[i] = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
  }
}

// `in` is a row of pixels with zeros after it, as many as the taps may reach. `Taps` is their number where it
// is known when compiling (a fifth faster), else 0.
template <int Taps>
[[gnu::always_inline]] inline void sum_pixels(const std::int32_t* in, const FilterTaps& taps,
                                              std::int32_t* sums) {
  const int count = Taps != 0 ? Taps : taps.stride;
  const std::int32_t* weights = taps.weights.data();
  for (const int first : taps.first) {
    const std::int32_t* pixel = in + static_cast<std::size_t>(first) * 3;
    Lanes sum = {};
    for (int t = 0; t < count; ++t, pixel += 3) {
      Lanes lanes;
      std::memcpy(&lanes, pixel, sizeof lanes);
      sum += lanes * weights[t];
    }
    std::memcpy(sums, &sum, sizeof sum);
    weights += count;
    sums += 3;
  }
}

GRAFT_ALSO_FOR_AVX2
void sum_across(const std::int32_t* in, const FilterTaps& taps, std::int32_t* sums) {
  switch (taps.stride) {
    case 2:
      return sum_pixels<2>(in, taps, sums);
    case 3:
      return sum_pixels<3>(in, taps, sums);
    case 4:
      return sum_pixels<4>(in, taps, sums);
    case 5:
      return sum_pixels<5>(in, taps, sums);
    case 6:
      return sum_pixels<6>(in, taps, sums);
    case 7:
      return sum_pixels<7>(in, taps, sums);
    default:
      return sum_pixels<0>(in, taps, sums);
  }
}

GRAFT_ALSO_FOR_AVX2
void add_row(const std::uint8_t* row, std::int32_t weight, std::size_t count, std::int32_t* sums) {
  for (std::size_t i = 0; i < count; ++i) sums[i] += row[i] * weight;
}

}  // namespace

Image resample_horizontal(const ImageView& image, const FilterTaps& taps) {
  Image out(image.height, taps.outputs());
  const auto row_values = static_cast<std::size_t>(image.width) * 3;
  std::vector<std::int32_t> in(row_values + static_cast<std::size_t>(taps.stride) * 3 + spare_lanes);
  std::vector<std::int32_t> sums(out.stride() + spare_lanes);
  for (int y = 0; y < image.height; ++y) {
    widen(image.row(y), row_values, in.data());
    sum_across(in.data(), taps, sums.data());
    narrow(sums.data(), out.stride(), out.row(y));
  }
  return out;
}

Image resample_vertical(const ImageView& image, const FilterTaps& taps) {
  Image out(taps.outputs(), image.width);
  std::vector<std::int32_t> sums(out.stride());
  for (int y = 0; y < out.height(); ++y) {
    const auto i = static_cast<std::size_t>(y);
    std::fill(sums.begin(), sums.end(), 0);
    for (int t = 0; t < taps.count[i]; ++t) {
      add_row(image.row(taps.first[i] + t), taps.weights_of(y)[t], out.stride(), sums.data());
    }
    narrow(sums.data(), out.stride(), out.row(y));
  }
  return out;
}

}  // namespace graft
