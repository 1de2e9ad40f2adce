// Text functions that several stages use.
#pragma once

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace graft {

std::string join(std::span<const std::string> parts, std::string_view separator);
// At most `most` bytes, in whole UTF-8 characters, and "…" if the text is longer. For text from files, which
// can be long.
std::string shorten(std::string_view text, std::size_t most = 100);
std::string to_lower_ascii(std::string_view text);
// `text` without blanks at both ends, including Unicode blanks, tabs, line ends and no-break spaces.
std::string trimmed(std::string_view text);

// Edit distance (Levenshtein: insert, delete, replace).
int edit_distance(std::string_view a, std::string_view b);
// The candidate nearest to `name` by edit distance, or the only one that is a prefix of `name` or has it as a
// prefix (three letters or more: evaluate, eval). Ignores case. Empty if none is near enough.
std::string nearest_name(std::string_view name, std::span<const std::string> candidates);
// An error's advice: "did you mean \"x\"?", or "".
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

// The first `limit` parts joined by ", ", then "… and N more".
std::string shorten_list(std::span<const std::string> parts, std::size_t limit = 5);

// The parts between the separators, empty ones included; one empty part for an empty text.
std::vector<std::string> split(std::string_view text, char separator);

// As printf.
[[gnu::format(printf, 1, 2)]] std::string format_text(const char* pattern, ...);

// "classes" for "class".
std::string plural(std::string_view noun);

// "1 epoch", "3 epochs".
std::string counted(std::integral auto count, std::string_view noun) {
  return std::to_string(count) + " " + (count == 1 ? std::string(noun) : plural(noun));
}

// The doubles that print as the floats do: 0.485, not 0.48500001430511475.
std::vector<double> shortest_doubles(std::span<const float> values);

}  // namespace graft
