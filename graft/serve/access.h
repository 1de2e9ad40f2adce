// Who may use the server. Internal.
#pragma once

#include <string>
#include <vector>

namespace graft {

// The lines of a file without the spaces around them; empty lines and those that begin with '#' are left out.
// Throws Error if there is none.
std::vector<std::string> tokens_of(const std::string& file);

// Whether the header is "Bearer TOKEN" with one of the tokens. The time does not depend on where they differ.
bool is_authorized(const std::string& authorization, const std::vector<std::string>& tokens);

}  // namespace graft
