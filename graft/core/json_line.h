// A JSON value as text for other programs. Internal.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace graft {

// On one line. A path can contain any bytes: in a string that is not UTF-8, invalid bytes become replacement
// characters, and an added member NAME_bytes has all its bytes, percent-encoded (for a list of strings, those
// of all its items).
std::string json_line(const nlohmann::ordered_json& value);

}  // namespace graft
