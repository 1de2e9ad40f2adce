// The JSON in the body of a request. Internal.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace graft {

// Throws BadRequest for text that is not JSON, or is nested too deep.
nlohmann::json parse_body(const std::string& body);

}  // namespace graft
