// Formats numbers for people.
#pragma once

#include <cstdint>
#include <string>

namespace graft {

// With `digits` digits after the decimal point; "–" if not finite.
std::string fixed_text(double value, int digits);

// "8.4 s", "3 min 05 s", "2 h 07 min".
std::string duration_text(double seconds);

// "44.8 MB" (powers of 1000).
std::string size_text(std::uint64_t bytes);

// "11.2 million", "1.2 thousand"; below a thousand the number itself.
std::string rounded_count_text(std::uint64_t count);

// Capitalises the first letter if it is ASCII.
std::string capitalized(std::string text);

}  // namespace graft
