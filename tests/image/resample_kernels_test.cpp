#include "graft/image/resample_kernels.h"

#include <gtest/gtest.h>

#include <vector>

#include "graft/core/random.h"

namespace graft {
namespace {

std::vector<std::uint8_t> noise(std::size_t size, Random& random) {
  std::vector<std::uint8_t> bytes(size);
  // Mostly extremes, where rounding and clamping matter.
  for (std::uint8_t& byte : bytes) {
    const std::uint64_t bits = random.bits();
    byte = bits % 4 == 0 ? 0 : bits % 4 == 1 ? 255 : static_cast<std::uint8_t>(bits >> 8);
  }
  return bytes;
}

constexpr Interpolation both[] = {Interpolation::bilinear, Interpolation::bicubic};

TEST(ResampleKernels, Avx2EqualsPortableAcross) {
  if (avx2_kernels() == nullptr) GTEST_SKIP() << "no AVX2 here";
  Random random(5, 0, 0);
  for (const Interpolation interpolation : both) {
    for (const int width : {1, 2, 3, 7, 16, 61, 340, 4000}) {
      for (const int outputs : {1, 2, 5, 9, 224}) {
        const FilterTaps taps =
            filter_taps({0, static_cast<double>(width), outputs, 0, outputs}, interpolation);
        const auto row = noise(static_cast<std::size_t>(width) * 3, random);
        std::vector<std::uint8_t> expected(static_cast<std::size_t>(outputs) * 3), got(expected.size());
        portable_kernels().across(width, taps)->run(row.data(), expected.data());
        avx2_kernels()->across(width, taps)->run(row.data(), got.data());
        EXPECT_EQ(got, expected) << width << " to " << outputs;
      }
    }
  }
}

TEST(ResampleKernels, Avx2EqualsPortableDown) {
  if (avx2_kernels() == nullptr) GTEST_SKIP() << "no AVX2 here";
  Random random(6, 0, 0);
  for (const Interpolation interpolation : both) {
    for (const int height : {1, 2, 3, 5, 40, 1000}) {
      for (const std::size_t values : {3, 31, 32, 33, 63, 64, 672}) {
        const FilterTaps taps = filter_taps({0, static_cast<double>(height), 3, 0, 3}, interpolation);
        const auto pixels = noise(values * static_cast<std::size_t>(height), random);
        for (int i = 0; i < 3; ++i) {
          const auto index = static_cast<std::size_t>(i);
          std::vector<const std::uint8_t*> rows;
          for (int t = 0; t < taps.count[index]; ++t)
            rows.push_back(pixels.data() + static_cast<std::size_t>(taps.first[index] + t) * values);
          std::vector<std::uint8_t> expected(values), got(values);
          const auto count = taps.count[index];
          portable_kernels().down(rows.data(), taps.weights_of(i), count, values, expected.data());
          avx2_kernels()->down(rows.data(), taps.weights_of(i), count, values, got.data());
          EXPECT_EQ(got, expected) << height << " rows of " << values;
        }
      }
    }
  }
}

}  // namespace
}  // namespace graft
