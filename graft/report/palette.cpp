#include "graft/report/palette.h"

#include <cstdio>

namespace graft {
namespace {

constexpr int series_count = 8;

// Blue and orange come first: all kinds of colour vision can distinguish them. Each has a contrast of at
// least 4.5 : 1 on its page.
constexpr std::array<Shade, series_count> series = {{
    {{31, 105, 201}, {108, 178, 255}},
    {{188, 76, 0}, {247, 154, 75}},
    {{26, 127, 75}, {86, 211, 144}},
    {{130, 80, 223}, {196, 155, 255}},
    {{176, 26, 108}, {255, 138, 196}},
    {{0, 117, 130}, {77, 208, 225}},
    {{125, 90, 0}, {227, 196, 84}},
    {{87, 96, 106}, {170, 179, 189}},
}};

struct NamedInk {
  const char* name;
  Ink ink;
};
constexpr NamedInk named[] = {{"text", Ink::text},       {"muted", Ink::muted}, {"grid", Ink::grid},
                              {"on-fill", Ink::on_fill}, {"right", Ink::right}, {"wrong", Ink::wrong}};

std::string variable(const std::string& name, const Shade& colors, bool dark) {
  const Rgb& rgb = dark ? colors.dark : colors.light;
  char text[16];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
  return "--" + name + ":" + text + ";";
}

}  // namespace

Shade shade(const InkChoice& choice) {
  switch (choice.ink) {
    case Ink::series:
      return series[static_cast<std::size_t>(choice.number)];
    case Ink::right:  // fills with text, so darker than lines on a dark page
      return {series[0].light, {47, 120, 220}};
    case Ink::wrong:
      return {series[1].light, {200, 86, 10}};
    case Ink::muted:
      return {{87, 96, 106}, {157, 167, 179}};
    case Ink::grid:
      return {{222, 226, 230}, {48, 54, 61}};
    case Ink::on_fill:
      return {{255, 255, 255}, {255, 255, 255}};
    case Ink::none:
    case Ink::text:
      break;
  }
  return {{31, 35, 40}, {230, 237, 243}};
}

std::string palette_css(bool dark) {
  std::string css;
  for (const NamedInk& entry : named) css += variable(entry.name, shade(entry.ink), dark);
  for (std::size_t i = 0; i < series_count; ++i) css += variable("s" + std::to_string(i), series[i], dark);
  return css;
}

std::string css_color(const InkChoice& choice) {
  if (choice.ink == Ink::series) return "var(--s" + std::to_string(choice.number) + ")";
  for (const NamedInk& entry : named) {
    if (entry.ink == choice.ink) return std::string("var(--") + entry.name + ")";
  }
  return "transparent";
}

}  // namespace graft
