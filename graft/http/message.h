// Requests and responses of HTTP as values, independent of the library that transports them.
#pragma once

#include <map>
#include <string>

namespace graft {

struct HttpRequest {
  std::string method, path;                       // "POST", "/v1/predict", decoded
  std::map<std::string, std::string> query = {};  // of the address, decoded
  std::string content_type = {}, authorization = {};
  std::string body = {};
};

struct HttpResponse {
  int status = 200;
  std::string type = "application/json", body = {};
  std::map<std::string, std::string> headers = {};
};

// JSON {"error": problem}, with a line end.
HttpResponse problem_response(int status, const std::string& problem);
// The same with status 503 and Retry-After.
HttpResponse unavailable_response(const std::string& problem);

}  // namespace graft
