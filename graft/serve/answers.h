// Answers of the server. Internal.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>

#include "graft/core/error.h"
#include "graft/http/message.h"

namespace graft {

// A request cannot be answered now: the queue is full, or the server ends.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A request names a model that is not served.
class UnknownModel : public Error {
 public:
  explicit UnknownModel(const std::string& name)
      : Error(name, "is not a model of this server", "/v1/models lists them") {}
};

HttpResponse json_answer(const std::string& json);
// problem_response() for an error of the library, which names its options.
HttpResponse problem_answer(int status, const std::string& problem);
// An exception of the work: the client's fault (400, 404), the server's (500), or Unavailable (503).
HttpResponse answer_of(const std::exception_ptr& problem);
std::string words_of(const std::exception_ptr& problem);

}  // namespace graft
