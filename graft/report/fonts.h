// Whether this machine can draw a text.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace graft {

// What the machine's fonts cannot draw of these texts, a sentence each for people: that there is no font at
// all, or which texts have characters that no font has. Empty where all can be drawn. Sheets and charts are
// made in either case, with empty boxes or question marks in such a character's place. Thread-safe.
std::vector<std::string> font_warnings(std::span<const std::string> texts);

}  // namespace graft
