// Answers of the server. Internal.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>

#include "graft/http/message.h"

namespace graft {

// The queue has no place for a request's pictures.
struct QueueFull : std::runtime_error {
  QueueFull() : std::runtime_error("too many pictures are waiting; try again") {}
};

HttpResponse json_answer(const std::string& json);
HttpResponse problem_answer(int status, const std::string& problem);
// 503, with Retry-After.
HttpResponse unavailable(const std::string& problem);
// An exception of the work: the client's fault (400), a full queue, or the server's (500).
HttpResponse answer_of(const std::exception_ptr& problem);
std::string words_of(const std::exception_ptr& problem);

}  // namespace graft
