// Canonical decomposition of Unicode letters (NFD), to recognise names that look the same: macOS writes the
// "é" of a file name as "e" and U+0301, most other programs write U+00E9.
#pragma once

#include <string>
#include <string_view>

namespace graft {

// The text with letters and their marks as separate characters. Covers Latin (including Vietnamese), Greek,
// Cyrillic, Japanese kana and Korean Hangul; other characters, and bytes that are not UTF-8, are unchanged.
std::string decomposed(std::string_view text);

// Whether the texts differ, but not in their decomposition.
bool differ_in_unicode_form(std::string_view a, std::string_view b);

}  // namespace graft
