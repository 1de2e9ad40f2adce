// UTF-8 validation, decoding and encoding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace graft {

struct Utf8Character {
  std::size_t length = 0;  // bytes; 0 if the bytes are not a character
  std::uint32_t code = 0;  // its code point
};

// The character that begins at byte `at` < text.size(). UTF-8 by RFC 3629: no overlong forms, no surrogates,
// nothing above U+10FFFF.
Utf8Character utf8_at(std::string_view text, std::size_t at);

// Whether all bytes form valid characters.
bool is_utf8(std::string_view text);

// Appends the character of a code point of at most U+10FFFF that is no surrogate.
void append_utf8(std::string& text, char32_t code);

}  // namespace graft
