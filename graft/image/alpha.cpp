#include "graft/image/alpha.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/text.h"

namespace graft {
namespace {

struct NamedColor {
  std::string_view name;
  Color color;
};

constexpr std::array<NamedColor, 16> named_colors = {{{"aqua", {0, 255, 255}},
                                                      {"black", {0, 0, 0}},
                                                      {"blue", {0, 0, 255}},
                                                      {"fuchsia", {255, 0, 255}},
                                                      {"gray", {128, 128, 128}},
                                                      {"green", {0, 128, 0}},
                                                      {"lime", {0, 255, 0}},
                                                      {"maroon", {128, 0, 0}},
                                                      {"navy", {0, 0, 128}},
                                                      {"olive", {128, 128, 0}},
                                                      {"purple", {128, 0, 128}},
                                                      {"red", {255, 0, 0}},
                                                      {"silver", {192, 192, 192}},
                                                      {"teal", {0, 128, 128}},
                                                      {"white", {255, 255, 255}},
                                                      {"yellow", {255, 255, 0}}}};

// "#rrggbb", or "#rgb", in which each digit is doubled.
std::optional<Color> color_of_digits(std::string_view text) {
  if (!text.starts_with('#') || (text.size() != 4 && text.size() != 7)) return std::nullopt;
  std::array<std::uint8_t, 3> channels{};
  const std::size_t digits = text.size() / 3;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const char* begin = text.data() + 1 + i * digits;
    const auto [end, code] = std::from_chars(begin, begin + digits, channels[i], 16);
    if (code != std::errc() || end != begin + digits) return std::nullopt;
    if (digits == 1) channels[i] = static_cast<std::uint8_t>(channels[i] * 0x11);
  }
  return Color{channels[0], channels[1], channels[2]};
}

}  // namespace

std::optional<Color> background_of(const std::string& alpha) {
  if (alpha == "drop") return std::nullopt;
  const std::string text = to_lower_ascii(alpha);
  const auto* found = std::find_if(named_colors.begin(), named_colors.end(),
                                   [&](const NamedColor& each) { return each.name == text; });
  if (found != named_colors.end()) return found->color;
  if (const auto color = color_of_digits(text)) return color;
  std::vector<std::string> names = {"drop"};
  for (const NamedColor& each : named_colors) names.emplace_back(each.name);
  const std::string nearest = did_you_mean(text, names);
  throw UsageError("`alpha`", "\"" + alpha + "\" is neither drop nor a colour",
                   nearest.empty() ? "give white, black or a colour such as #ffcc00" : nearest);
}

std::string to_string(const Color& color) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "#%02x%02x%02x", color.red, color.green, color.blue);
  return text.data();
}

void flatten(const std::uint8_t* rgba, std::size_t pixels, const std::optional<Color>& background,
             std::uint8_t* rgb) {
  for (const std::uint8_t* end = rgba + pixels * 4; rgba != end; rgba += 4, rgb += 3) {
    rgb[0] = rgba[0];
    rgb[1] = rgba[1];
    rgb[2] = rgba[2];
    if (background) composite(rgb, rgba[3], *background);
  }
}

}  // namespace graft
