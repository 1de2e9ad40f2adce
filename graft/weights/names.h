// Names from files: whether they are proper text, and how they look in a message. Internal.
#pragma once

#include <string>
#include <string_view>

namespace graft {

// Whether the bytes are UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

// Fit for a message: at most 100 bytes, all printable ASCII; anything else becomes "?".
std::string printable(std::string_view text);

}  // namespace graft
