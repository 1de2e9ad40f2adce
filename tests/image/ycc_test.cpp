#include "graft/image/ycc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace graft {
namespace {

std::uint8_t rounded(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

// All pairs of colours, in rows of an odd length.
TEST(Ycc, IsTheRealConversionRounded) {
  int other = 0;
  for (int light = 0; light < 256; light += 15) {
    for (int cb = 0; cb < 256; ++cb) {
      constexpr std::size_t count = 257;
      std::vector<std::uint8_t> y(count, static_cast<std::uint8_t>(light)),
          b(count, static_cast<std::uint8_t>(cb)), r(count);
      for (std::size_t x = 0; x < count; ++x) r[x] = static_cast<std::uint8_t>(x);
      std::vector<std::uint8_t> rgb(count * 3);
      ycc_to_rgb(y.data(), b.data(), r.data(), count, rgb.data());
      for (std::size_t x = 0; x < count; ++x) {
        const double blue = cb - 128, red = r[x] - 128;
        const std::array<std::uint8_t, 3> real = {rounded(light + 1.402 * red),
                                                  rounded(light - 0.344136286 * blue - 0.714136286 * red),
                                                  rounded(light + 1.772 * blue)};
        for (std::size_t c = 0; c < 3; ++c) {
          ASSERT_NEAR(rgb[x * 3 + c], real[c], 1);
          other += rgb[x * 3 + c] != real[c] ? 1 : 0;
        }
      }
    }
  }
  EXPECT_LT(other, 2000);  // of 3.5 million: where the real number lies half way
}

TEST(Ycc, GreyIsGrey) {
  const std::array<std::uint8_t, 3> grey = {0, 100, 255};
  std::array<std::uint8_t, 9> rgb{};
  grey_to_rgb(grey.data(), grey.size(), rgb.data());
  EXPECT_EQ(rgb, (std::array<std::uint8_t, 9>{0, 0, 0, 100, 100, 100, 255, 255, 255}));
}

}  // namespace
}  // namespace graft
