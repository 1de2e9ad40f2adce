// Whole numbers out of JSON that is not our own. nlohmann's get<int>() takes 1e44 too, which is undefined.
// Internal.
#pragma once

#include <concepts>
#include <cstdint>
#include <utility>

#include "graft/core/error.h"

namespace graft {

// Json: one of nlohmann's. Throws Error where the value is not a whole number that T holds.
template <std::integral T, class Json>
T whole_number(const Json& value) {
  const bool fits = value.is_number_unsigned()
                        ? std::in_range<T>(value.template get<std::uint64_t>())
                        : value.is_number_integer() && std::in_range<T>(value.template get<std::int64_t>());
  if (!fits) throw Error("", "a number is not whole, or out of its range");
  return value.template get<T>();
}

}  // namespace graft
