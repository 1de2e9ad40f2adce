#include "graft/serve/answers.h"

#include <nlohmann/json.hpp>

#include "graft/core/error.h"
#include "graft/core/json_line.h"
#include "graft/infer/inference_model.h"

namespace graft {

HttpResponse json_answer(const std::string& json) { return {200, "application/json", json + "\n", {}}; }

HttpResponse problem_answer(int status, std::string problem) {
  // The options of the server, in the library's messages.
  const std::string option = "`max_pixels`";
  if (const std::size_t at = problem.find(option); at != std::string::npos)
    problem.replace(at, option.size(), "the server's max_pixels");
  return {status, "application/json", json_line(nlohmann::ordered_json{{"error", problem}}) + "\n", {}};
}

HttpResponse unavailable(const std::string& problem) {
  HttpResponse response = problem_answer(503, problem);
  response.headers["Retry-After"] = "1";
  return response;
}

// An exception of the work as an answer: the client's fault or the server's.
HttpResponse answer_of(const std::exception_ptr& problem) {
  try {
    std::rethrow_exception(problem);
  } catch (const Unavailable& error) {
    return unavailable(error.what());
  } catch (const UnknownModel& error) {
    return problem_answer(404, error.what());
  } catch (const EngineError& error) {
    return problem_answer(500, error.what());
  } catch (const AnswersNotFinite& error) {
    return problem_answer(500, error.what());
  } catch (const Error& error) {
    return problem_answer(400, error.what());
  } catch (const std::exception& error) {
    return problem_answer(500, error.what());
  }
}

std::string words_of(const std::exception_ptr& problem) {
  try {
    std::rethrow_exception(problem);
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace graft
