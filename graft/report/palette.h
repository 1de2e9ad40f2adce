// The colours of charts: one table for picture files, which are light, and for report.html, which has a light
// and a dark theme.
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

// The colours of the two phases of an epoch in all charts and tables.
inline InkChoice training_ink() { return InkChoice::series(0); }
inline InkChoice validation_ink() { return InkChoice::series(1); }

// "--text:#1f2328;--muted:…;" for a rule of a style sheet.
std::string palette_css(bool dark);

// The variable of palette_css() with the ink's colour: "var(--text)"; "transparent" for none.
std::string css_color(const InkChoice& ink);

}  // namespace graft
