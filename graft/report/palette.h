// The colours of charts: one table for the pictures, which are light, and for report.html, which follows the
// reader's light or dark page.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "graft/report/drawing.h"

namespace graft {

using Rgb = std::array<std::uint8_t, 3>;

struct Shade {
  Rgb light, dark;
};

Shade shade(const InkChoice& ink);

// The phases of an epoch have their colours wherever they are distinguished.
inline InkChoice training_ink() { return InkChoice::series(0); }
inline InkChoice validation_ink() { return InkChoice::series(1); }

// "--text:#1f2328;--muted:…;" for a rule of a style sheet.
std::string palette_css(bool dark);

// The variable that palette_css gives the ink's colour: "var(--text)"; "transparent" for none.
std::string css_color(const InkChoice& ink);

}  // namespace graft
