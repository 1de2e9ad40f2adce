// Figures as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace graft {

// With so many digits after the point; "–" for what is no number.
std::string fixed_text(double value, int digits);

// "8.4 s", "3 min 05 s", "2 h 07 min".
std::string duration_text(double seconds);

// "44.8 MB" (powers of 1000).
std::string size_text(std::uint64_t bytes);

// "11.2 million", "1.2 thousand"; below a thousand the number itself.
std::string rounded_count_text(std::uint64_t count);

// With a capital letter at the beginning, where that is an ASCII letter.
std::string capitalized(std::string text);

// A word of a command line of a POSIX shell: quoted where it must be.
std::string shell_word(const std::string& text);

}  // namespace graft
