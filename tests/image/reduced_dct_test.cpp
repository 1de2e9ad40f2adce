#include "graft/image/reduced_dct.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "graft/core/random.h"

namespace graft {
namespace {

using Frequencies = std::array<std::int32_t, 64>;

// The plain transform to 8 × 8 (ITU-T T.81, A.3.3) of the frequencies that count, then means.
double plain(const Frequencies& frequencies, int height, int width, int y, int x) {
  const auto wave = [](int frequency, int place) {
    return std::cos((2 * place + 1) * frequency * std::numbers::pi / 16) *
           (frequency == 0 ? std::numbers::sqrt2 / 4 : 0.5);
  };
  const int tall = 8 / height, wide = 8 / width;
  double sum = 0;
  for (int i = y * tall; i < (y + 1) * tall; ++i) {
    for (int j = x * wide; j < (x + 1) * wide; ++j) {
      for (int v = 0; v < height; ++v) {
        for (int u = 0; u < width; ++u)
          sum += frequencies[static_cast<std::size_t>(v * 8 + u)] * wave(v, i) * wave(u, j);
      }
    }
  }
  return std::clamp(sum / (tall * wide) + 128, 0.0, 255.0);
}

TEST(ReducedDct, IsTheMeanOfThePlainTransform) {
  for (const int height : {1, 2, 4, 8}) {
    for (const int width : {1, 2, 4, 8}) {
      for (int extent = 1; extent <= 8; ++extent) {
        Random random(static_cast<std::uint64_t>(extent), 0, 0);
        Frequencies frequencies{};
        for (int v = 0; v < extent; ++v) {
          for (int u = 0; u < extent; ++u)
            frequencies[static_cast<std::size_t>(v * 8 + u)] = static_cast<int>(random.below(300)) - 150;
        }
        std::array<std::uint8_t, 8 * 10> out{};
        reduced_transform(height, width)(frequencies.data(), extent, out.data(), 10);
        for (int y = 0; y < height; ++y) {
          for (int x = 0; x < width; ++x) {
            EXPECT_NEAR(out[static_cast<std::size_t>(y * 10 + x)], plain(frequencies, height, width, y, x),
                        0.501);
          }
          EXPECT_EQ(out[static_cast<std::size_t>(y * 10 + width)], 0);  // nothing beside the block
        }
      }
    }
  }
}

TEST(ReducedDct, TakesAnyNumbers) {
  Frequencies frequencies;
  for (const std::int32_t value :
       {std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::min()}) {
    frequencies.fill(value);
    std::array<std::uint8_t, 64> out{};
    reduced_transform(8, 8)(frequencies.data(), 8, out.data(), 8);
    EXPECT_EQ(out[0], value > 0 ? 255 : 0);
  }
}

TEST(ReducedDct, HasNoOtherSizes) {
  EXPECT_EQ(reduced_transform(3, 2), nullptr);
  EXPECT_EQ(reduced_transform(2, 16), nullptr);
  EXPECT_EQ(reduced_transform(0, 8), nullptr);
}

}  // namespace
}  // namespace graft
