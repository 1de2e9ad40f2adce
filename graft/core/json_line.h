// A JSON value as the text that other programs read. Internal.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace graft {

// On one line. A path is whatever bytes the disk holds: what is not UTF-8 in a text is shown with replacement
// characters, and a member NAME_bytes beside it has the bytes, percent-encoded; of a list of texts, all of
// them.
std::string json_line(const nlohmann::ordered_json& value);

}  // namespace graft
