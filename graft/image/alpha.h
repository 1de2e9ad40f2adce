// An image's alpha channel: decoders drop it or composite the image over a colour.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace graft {

struct Color {
  std::uint8_t red = 0, green = 0, blue = 0;

  bool operator==(const Color&) const = default;
};

// The colour that shows through transparent pixels, for the option --alpha: nothing for "drop", or one of
// the 16 basic colours of CSS by name ("white", "black", "gray", …), "#rrggbb" or "#rgb". Throws UsageError.
std::optional<Color> background_of(const std::string& alpha);

// "#rrggbb".
std::string to_string(const Color& color);

// Pillow's Image.alpha_composite over an opaque background, equal in every value.
inline std::uint8_t composite(std::uint8_t value, std::uint8_t alpha, std::uint8_t background) {
  // Pillow computes with 7 more bits and rounds the division by 255.
  constexpr std::uint32_t precision = 7;
  const std::uint32_t share = std::uint32_t{alpha} << precision;
  const std::uint32_t rest = (255U << precision) - share;
  const std::uint32_t sum = value * share + background * rest + (0x80U << precision);
  return static_cast<std::uint8_t>((((sum >> 8) + sum) >> 8) >> precision);
}

// One pixel in place.
inline void composite(std::uint8_t* rgb, std::uint8_t alpha, const Color& background) {
  rgb[0] = composite(rgb[0], alpha, background.red);
  rgb[1] = composite(rgb[1], alpha, background.green);
  rgb[2] = composite(rgb[2], alpha, background.blue);
}

// RGBA pixels → RGB pixels: composited over the background, or without their alpha if there is none.
void flatten(const std::uint8_t* rgba, std::size_t pixels, const std::optional<Color>& background,
             std::uint8_t* rgb);

}  // namespace graft
