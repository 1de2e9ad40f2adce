// Whether bytes are text, and which characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace graft {

struct Utf8Character {
  std::size_t length = 0;  // bytes; 0 where the bytes are no character
  std::uint32_t code = 0;  // its code point
};

// The character that begins at byte `at` of a text, which is longer than that. UTF-8 as RFC 3629 has it: no
// overlong forms, no surrogates, nothing above U+10FFFF.
Utf8Character utf8_at(std::string_view text, std::size_t at);

// Whether all bytes are characters.
bool is_utf8(std::string_view text);

}  // namespace graft
