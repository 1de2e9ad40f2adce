// Reading JSON that graft did not write: checks that nlohmann's parser and values do not make, and their
// errors in words.
#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "graft/core/error.h"

namespace graft {

// The depth of a JSON text is checked before it is parsed: a parsed value is copied, written and compared by
// recursion, and a file of 100,000 brackets would overflow the stack. This is deeper than anything that graft
// reads or writes.
inline constexpr int max_json_depth = 100;

// Whether arrays and objects are nested more than max_json_depth deep. Accepts any bytes; linear time. For
// text that is not JSON the result is unspecified; the parser refuses that text.
bool is_json_too_deep(std::string_view text);

// An exception of nlohmann's parser or values without its name and number; for any other exception, its
// message. At most 300 bytes of words: they can quote the whole text.
struct JsonProblem {
  bool syntax = false;  // the text is not JSON
  std::string line;     // ":3", if nlohmann reports it
  std::string words;
};
JsonProblem json_problem(const std::exception& error);

// The value of an integer. nlohmann's get<int>() accepts 1e44 too, which is undefined behaviour. Json is a
// nlohmann type. Throws Error if the value is not an integer that T can represent.
template <std::integral T, class Json>
T whole_number(const Json& value) {
  const bool fits = value.is_number_unsigned()
                        ? std::in_range<T>(value.template get<std::uint64_t>())
                        : value.is_number_integer() && std::in_range<T>(value.template get<std::int64_t>());
  if (!fits) throw Error("", "a number is not an integer or is out of range");
  return value.template get<T>();
}

// JSON has no NaN or infinity; they are written as null. Json is a nlohmann type.
template <class Json>
double number_or_nan(const Json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.template get<double>();
}

}  // namespace graft
