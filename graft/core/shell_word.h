// Words of commands in messages and reports, for a user to copy. Internal.
#pragma once

#include <string>

namespace graft {

// A word of a POSIX shell command, quoted if necessary.
std::string shell_word(const std::string& text);

}  // namespace graft
