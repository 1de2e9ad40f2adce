// JSON that is not graft's own: checks that nlohmann's parser and values do not make, and what is wrong with
// it in words.
#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "graft/core/error.h"

namespace graft {

// How deep a JSON text is nested is told before it is parsed: a parsed value is copied, written and compared
// by recursion, which a file of 100,000 brackets would drive off the end of the stack. This is deeper than
// anything that graft writes or reads.
inline constexpr int max_json_depth = 100;

// Whether arrays and objects stand more than max_json_depth deep in each other. Any bytes; linear in them.
// Of what is not JSON the answer may be either, which the parser then refuses.
bool is_json_too_deep(std::string_view text);

// What nlohmann's parser and values throw, without the names and numbers that it gives its exceptions; of any
// other exception the message. At most 300 bytes of words: they can quote all of the text.
struct JsonProblem {
  bool syntax = false;  // the text is not JSON
  std::string line;     // ":3", where nlohmann says it
  std::string words;
};
JsonProblem json_problem(const std::exception& error);

// The value of a whole number; nlohmann's get<int>() takes 1e44 too, which is undefined. Json: one of
// nlohmann's. Throws Error where the value is not a whole number that T holds.
template <std::integral T, class Json>
T whole_number(const Json& value) {
  const bool fits = value.is_number_unsigned()
                        ? std::in_range<T>(value.template get<std::uint64_t>())
                        : value.is_number_integer() && std::in_range<T>(value.template get<std::int64_t>());
  if (!fits) throw Error("", "a number is not whole, or out of its range");
  return value.template get<T>();
}

}  // namespace graft
