// A count with its noun, for messages.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace graft {

// "classes" of "class".
std::string plural(std::string_view noun);

// "1 epoch", "3 epochs".
std::string counted(std::integral auto count, std::string_view noun) {
  return std::to_string(count) + " " + (count == 1 ? std::string(noun) : plural(noun));
}

}  // namespace graft
