#include "graft/http/message.h"

#include <nlohmann/json.hpp>

#include "graft/core/json_line.h"

namespace graft {

HttpResponse problem_response(int status, const std::string& problem) {
  return {status, "application/json", json_line(nlohmann::ordered_json{{"error", problem}}) + "\n", {}};
}

HttpResponse unavailable_response(const std::string& problem) {
  HttpResponse response = problem_response(503, problem);
  response.headers["Retry-After"] = "1";
  return response;
}

}  // namespace graft
