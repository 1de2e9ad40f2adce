// A line of text as a picture, drawn with Pango and Cairo in the system's sans-serif font.
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

// `text` on white, centred in height × width pixels, shortened with "…" where it is too long. Any bytes are
// safe: what is not UTF-8 shows as replacement characters, line breaks and control characters as spaces.
// Where no font is installed at all, Latin letters are drawn with the one that Cairo brings. Throws Error
// for more pixels than Cairo draws (32,767 a side). Thread-safe; one thread draws at a time.
Image draw_text(const std::string& text, int height, int width, const TextStyle& style);

}  // namespace graft
