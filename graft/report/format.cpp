#include "graft/report/format.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace graft {
namespace {

std::string two_parts(const char* pattern, long first, long second) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, first, second);
  return text;
}

// With one decimal digit, in the largest power of 1000 that is not above the value.
std::string in_powers(std::uint64_t value, const std::array<const char*, 4>& names) {
  auto scaled = static_cast<double>(value);
  std::size_t power = 0;
  for (; scaled >= 1000 && power + 1 < names.size(); ++power) scaled /= 1000;
  return fixed_text(scaled, power == 0 ? 0 : 1) + " " + names[power];
}

}  // namespace

std::string fixed_text(double value, int digits) {
  if (!std::isfinite(value)) return "–";
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "–";
  if (seconds < 60) return fixed_text(seconds, seconds < 9.95 ? 1 : 0) + " s";
  const long whole = std::lround(seconds);
  if (whole < 3600) return two_parts("%ld min %02ld s", whole / 60, whole % 60);
  return two_parts("%ld h %02ld min", whole / 3600, whole % 3600 / 60);
}

std::string size_text(std::uint64_t bytes) { return in_powers(bytes, {"B", "kB", "MB", "GB"}); }

std::string rounded_count_text(std::uint64_t count) {
  return count < 1000 ? std::to_string(count) : in_powers(count, {"", "thousand", "million", "billion"});
}

std::string capitalized(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace graft
