#include "graft/image/ycc.h"

#include <algorithm>

namespace graft {
namespace {

constexpr int fixed_bits = 16, half = 1 << (fixed_bits - 1);
constexpr int fixed(double number) { return static_cast<int>(number * (1 << fixed_bits) + 0.5); }

std::uint8_t clamped(int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

}  // namespace

void ycc_to_rgb(const std::uint8_t* y, const std::uint8_t* cb, const std::uint8_t* cr, std::size_t count,
                std::uint8_t* rgb) {
  constexpr std::size_t at_once = 64;
  std::uint8_t red[at_once], green[at_once], blue[at_once];
  for (std::size_t begin = 0; begin < count; begin += at_once) {
    // First each colour by itself, which compilers turn into vectors.
    const std::size_t width = std::min(at_once, count - begin);
    for (std::size_t x = 0; x < width; ++x) {
      const int light = y[begin + x], b = cb[begin + x] - 128, r = cr[begin + x] - 128;
      red[x] = clamped(light + ((fixed(1.402) * r + half) >> fixed_bits));
      green[x] = clamped(light + ((-fixed(0.344136286) * b - fixed(0.714136286) * r + half) >> fixed_bits));
      blue[x] = clamped(light + ((fixed(1.772) * b + half) >> fixed_bits));
    }
    std::uint8_t* out = rgb + begin * 3;
    for (std::size_t x = 0; x < width; ++x, out += 3) {
      out[0] = red[x];
      out[1] = green[x];
      out[2] = blue[x];
    }
  }
}

void grey_to_rgb(const std::uint8_t* grey, std::size_t count, std::uint8_t* rgb) {
  for (std::size_t x = 0; x < count; ++x, rgb += 3) rgb[0] = rgb[1] = rgb[2] = grey[x];
}

}  // namespace graft
