// How names from files look in a message. Internal.
#pragma once

#include <string>
#include <string_view>

namespace graft {

// Fit for a message: at most 100 bytes, all printable ASCII; anything else becomes "?".
std::string printable(std::string_view text);

}  // namespace graft
