// graft's result for a golden case, for comparison with Pillow's.
#pragma once

#include <nlohmann/json.hpp>

namespace graft::test {

// The case (a line of cases.json or awkward.json) with the size, pixels and "turned", or "refused", of
// decode_image; equals the line if graft and Pillow agree. Expects that a refusal names the file and gives
// advice.
nlohmann::json judged(const nlohmann::json& line);

}  // namespace graft::test
