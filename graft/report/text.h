// A line of text as an image, drawn with Pango and Cairo in the system's sans-serif font.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "graft/image/image.h"

namespace graft {

struct TextStyle {
  double size = 15;  // pixels of the em
  bool bold = false;
  std::array<std::uint8_t, 3> color = {0, 0, 0};
};

// `text` on white, centred in height × width pixels, shortened with "…" if it is too long. Any bytes are
// allowed: invalid UTF-8 becomes replacement characters, line breaks and control characters become spaces.
// Without an installed font Latin letters are drawn with Cairo's built-in font. Throws Error above Cairo's
// limit of 32,767 pixels a side. Thread-safe; one thread draws at a time.
Image draw_text(const std::string& text, int height, int width, const TextStyle& style);

}  // namespace graft
