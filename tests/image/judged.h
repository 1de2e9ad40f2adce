// What graft makes of a golden case, to be compared with what Pillow makes of it.
#pragma once

#include <nlohmann/json.hpp>

namespace graft::test {

// The case (a line of cases.json or awkward.json) with its size, pixels and "turned", or "refused", as
// decode_image has them; so that the result equals the line where graft and Pillow agree. Expects of a
// refusal that it names the file and gives advice.
nlohmann::json judged(const nlohmann::json& line);

}  // namespace graft::test
