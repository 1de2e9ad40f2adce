// The arithmetic of Pillow's Convert.c, in float and double where Pillow uses them.
#include "graft/image/pixel_ops.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "graft/core/error.h"

namespace graft {
namespace {

struct Hsv {
  std::uint8_t hue, saturation, value;
};

float sixths(const std::uint8_t* rgb, int largest, float range) {
  const auto from_largest = [&](int c) { return static_cast<float>(largest - rgb[c]) / range; };
  if (rgb[0] == largest) return from_largest(2) - from_largest(1);
  if (rgb[1] == largest) return static_cast<float>(2.0 + from_largest(0) - from_largest(2));
  return static_cast<float>(4.0 + from_largest(1) - from_largest(0));
}

Hsv to_hsv(const std::uint8_t* rgb) {
  const auto [least, largest] = std::minmax({rgb[0], rgb[1], rgb[2]});
  if (least == largest) return {0, 0, largest};
  const auto range = static_cast<float>(largest - least);
  const float saturation = range / static_cast<float>(largest);
  const double turned = sixths(rgb, largest, range) / 6.0 + 1.0;  // from 5/6 to 11/6
  const auto hue = static_cast<float>(turned >= 1 ? turned - 1 : turned);
  return {static_cast<std::uint8_t>(hue * 255.0), static_cast<std::uint8_t>(saturation * 255.0), largest};
}

// For each of the 256 hues: its sixth of the circle and the position in it.
struct Sector {
  int number;
  float rest;
};

std::array<Sector, 256> make_sectors() {
  std::array<Sector, 256> sectors{};
  for (int hue = 0; hue < 256; ++hue) {
    const double place = static_cast<float>(hue) * 6.0 / 255.0;
    const int whole = static_cast<int>(place);
    sectors[static_cast<std::size_t>(hue)] = {whole % 6,
                                              static_cast<float>(place - static_cast<float>(whole))};
  }
  return sectors;
}

// round() for numbers from 0 to 255.
std::uint8_t rounded(double value) {
  const int whole = static_cast<int>(value);
  return static_cast<std::uint8_t>(value - whole >= 0.5 ? whole + 1 : whole);
}

void from_hsv(const Hsv& hsv, const Sector& sector, std::uint8_t* rgb) {
  const auto write = [&](std::uint8_t r, std::uint8_t g, std::uint8_t b) {
    rgb[0] = r, rgb[1] = g, rgb[2] = b;
  };
  const std::uint8_t v = hsv.value;
  if (hsv.saturation == 0) return write(v, v, v);
  const auto level = static_cast<float>(v);
  const auto share = static_cast<float>(static_cast<float>(hsv.saturation) / 255.0);
  const float falling = share * sector.rest;
  const std::uint8_t p = rounded(level * (1.0 - share));
  const std::uint8_t q = rounded(level * (1.0 - falling));
  const std::uint8_t t = rounded(level * (1.0 - share * (1.0 - sector.rest)));
  switch (sector.number) {
    case 0:
      return write(v, t, p);
    case 1:
      return write(q, v, p);
    case 2:
      return write(p, v, t);
    case 3:
      return write(p, q, v);
    case 4:
      return write(t, p, v);
    default:
      return write(v, p, q);
  }
}

}  // namespace

void adjust_hue(Image& image, double shift) {
  if (!(shift >= -0.5 && shift <= 0.5))
    throw UsageError("adjust_hue", "shift " + std::to_string(shift) + " is out of range",
                     "give a number from -0.5 to 0.5");
  static const std::array<Sector, 256> sectors = make_sectors();
  const auto steps = static_cast<std::uint8_t>(static_cast<int>(shift * 255));  // negative: modulo 256
  std::uint8_t* const end = image.data() + image.size_bytes();
  for (std::uint8_t* pixel = image.data(); pixel != end; pixel += Image::channels) {
    Hsv hsv = to_hsv(pixel);
    hsv.hue = static_cast<std::uint8_t>(hsv.hue + steps);
    from_hsv(hsv, sectors[hsv.hue], pixel);
  }
}

}  // namespace graft
