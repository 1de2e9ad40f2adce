#include "graft/core/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdarg>
#include <cstdio>
#include <numeric>

namespace graft {

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += separator;
    text += parts[i];
  }
  return text;
}

std::string shorten(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return std::string(text.substr(0, most)) + "…";
}

std::string trimmed(std::string_view text) {
  using namespace std::string_view_literals;
  // No-break space, ideographic space, zero-width space, byte order mark.
  static constexpr std::array blanks = {" "sv,        "\t"sv,           "\r"sv,           "\n"sv,
                                        "\xC2\xA0"sv, "\xE3\x80\x80"sv, "\xE2\x80\x8B"sv, "\xEF\xBB\xBF"sv};
  for (bool found = true; found;) {
    found = false;
    for (const std::string_view blank : blanks) {
      const bool begins = text.starts_with(blank), ends = !begins && text.ends_with(blank);
      if (begins) text.remove_prefix(blank.size());
      if (ends) text.remove_suffix(blank.size());
      found = found || begins || ends;
    }
  }
  return std::string(text);
}

std::string to_lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    int diagonal = row[0];
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

namespace {

// The only candidate that is a prefix of `name` or has it as a prefix. `name` is in lower case.
std::string lengthened_name(std::string_view name, std::span<const std::string> candidates) {
  constexpr std::size_t shortest = 3;
  std::string found;
  for (const std::string& candidate : candidates) {
    if (std::min(name.size(), candidate.size()) < shortest) continue;
    const std::string lower = to_lower_ascii(candidate);
    if (!name.starts_with(lower) && !lower.starts_with(name)) continue;
    if (!found.empty()) return "";
    found = candidate;
  }
  return found;
}

}  // namespace

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
  std::string best;
  const std::string lower = to_lower_ascii(name);
  // For a short name at most half of its letters, or it would be near every other name.
  const std::size_t most = std::min(std::max<std::size_t>(name.size() / 3, 2), name.size() / 2);
  int best_distance = static_cast<int>(most) + 1;
  for (const std::string& candidate : candidates) {
    const int distance = edit_distance(lower, to_lower_ascii(candidate));
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best.empty() ? lengthened_name(lower, candidates) : best;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const std::string nearest = nearest_name(name, candidates);
  return nearest.empty() ? "" : "did you mean \"" + nearest + "\"?";
}

std::string shorten_list(std::span<const std::string> parts, std::size_t limit) {
  if (parts.size() <= limit) return join(parts, ", ");
  return join(parts.first(limit), ", ") + ", … and " + std::to_string(parts.size() - limit) + " more";
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(separator, begin);
    parts.emplace_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

std::string format_text(const char* pattern, ...) {
  std::va_list values, again;
  va_start(values, pattern);
  va_copy(again, values);
  std::string text(static_cast<std::size_t>(std::vsnprintf(nullptr, 0, pattern, values)), '\0');
  std::vsnprintf(text.data(), text.size() + 1, pattern, again);
  va_end(again);
  va_end(values);
  return text;
}

std::string plural(std::string_view noun) {
  const bool after_consonant =
      noun.size() > 1 && std::string_view("aeiou").find(noun[noun.size() - 2]) == noun.npos;
  if (noun.ends_with('y') && after_consonant) return std::string(noun.substr(0, noun.size() - 1)) + "ies";
  const bool with_e = noun.ends_with('s') || noun.ends_with("tch");
  return std::string(noun) + (with_e ? "es" : "s");
}

std::vector<double> shortest_doubles(std::span<const float> values) {
  std::vector<double> numbers;
  for (const float value : values) {
    std::array<char, 32> text{};
    const char* end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    std::from_chars(text.data(), end, numbers.emplace_back());
  }
  return numbers;
}

}  // namespace graft
