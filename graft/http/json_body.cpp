#include "graft/http/json_body.h"

#include "graft/core/json_limits.h"
#include "graft/http/request_pictures.h"

namespace graft {

nlohmann::json parse_body(const std::string& body) {
  if (is_json_too_deep(body)) throw BadRequest("the body", "is nested too deep");
  try {
    return nlohmann::json::parse(body);
  } catch (const nlohmann::json::exception& error) {
    throw BadRequest("the body", "is not JSON: " + json_problem(error).words);
  }
}

}  // namespace graft
