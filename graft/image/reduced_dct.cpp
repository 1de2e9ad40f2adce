#include "graft/image/reduced_dct.h"

#include <algorithm>
#include <array>

namespace graft {
namespace {

// cos(n · π / 16)
constexpr double cosine(int n) {
  constexpr std::array<double, 9> quarter = {1,
                                             0.98078528040323044913,
                                             0.92387953251128675613,
                                             0.83146961230254523708,
                                             0.70710678118654752440,
                                             0.55557023301960222474,
                                             0.38268343236508977173,
                                             0.19509032201612826785,
                                             0};
  n %= 32;
  if (n > 16) n = 32 - n;
  return n > 8 ? -quarter[static_cast<std::size_t>(16 - n)] : quarter[static_cast<std::size_t>(n)];
}

template <int Pixels>
using Waves = std::array<std::array<float, Pixels>, Pixels>;

// waves[frequency][pixel]: a wave's mean over the 8 / Pixels places that the pixel stands for.
template <int Pixels>
constexpr Waves<Pixels> waves() {
  constexpr int places = 8 / Pixels;
  Waves<Pixels> result{};
  for (int frequency = 0; frequency < Pixels; ++frequency) {
    for (int pixel = 0; pixel < Pixels; ++pixel) {
      double sum = 0;
      for (int x = pixel * places; x < (pixel + 1) * places; ++x) sum += cosine((2 * x + 1) * frequency);
      result[static_cast<std::size_t>(frequency)][static_cast<std::size_t>(pixel)] =
          static_cast<float>(sum / places * (frequency == 0 ? cosine(4) : 1) / 2);
    }
  }
  return result;
}

// Clamped before it becomes an integer, so that no number is too large for one.
std::uint8_t pixel_of(float value) {
  return static_cast<std::uint8_t>(static_cast<int>(std::min(std::max(value + 128.5F, 0.0F), 255.0F)));
}

// Plain sums of products along the rows, which compilers turn into vectors.
template <int Height, int Width>
void transform(const std::int32_t* frequencies, int extent, std::uint8_t* out, std::size_t stride) {
  static constexpr Waves<Height> down = waves<Height>();
  static constexpr Waves<Width> across = waves<Width>();
  constexpr std::size_t height = Height, width = Width;
  // Of small blocks it costs more to guess what is 0 than to multiply it.
  const auto needed = [extent](std::size_t most) {
    return most <= 4 ? most : static_cast<std::size_t>(extent);
  };
  const std::size_t rows = needed(height), columns = needed(width);
  float half[height][width] = {};
  for (std::size_t v = 0; v < rows; ++v) {
    float row[width];
    for (std::size_t u = 0; u < width; ++u) row[u] = static_cast<float>(frequencies[v * 8 + u]);
    for (std::size_t y = 0; y < height; ++y) {
      for (std::size_t u = 0; u < width; ++u) half[y][u] += down[v][y] * row[u];
    }
  }
  for (std::size_t y = 0; y < height; ++y) {
    float sums[width] = {};
    for (std::size_t u = 0; u < columns; ++u) {
      for (std::size_t x = 0; x < width; ++x) sums[x] += half[y][u] * across[u][x];
    }
    for (std::size_t x = 0; x < width; ++x) out[y * stride + x] = pixel_of(sums[x]);
  }
}

template <int Height>
ReducedTransform of_height(int width) {
  switch (width) {
    case 1:
      return transform<Height, 1>;
    case 2:
      return transform<Height, 2>;
    case 4:
      return transform<Height, 4>;
    case 8:
      return transform<Height, 8>;
    default:
      return nullptr;
  }
}

}  // namespace

ReducedTransform reduced_transform(int height, int width) {
  switch (height) {
    case 1:
      return of_height<1>(width);
    case 2:
      return of_height<2>(width);
    case 4:
      return of_height<4>(width);
    case 8:
      return of_height<8>(width);
    default:
      return nullptr;
  }
}

}  // namespace graft
