#include "graft/serve/answers.h"

#include "graft/core/error.h"
#include "graft/infer/inference_model.h"

namespace graft {

HttpResponse json_answer(const std::string& json) { return {200, "application/json", json + "\n", {}}; }

HttpResponse problem_answer(int status, std::string problem) {
  // The options of the server, in the library's messages.
  const std::string option = "`max_pixels`";
  if (const std::size_t at = problem.find(option); at != std::string::npos)
    problem.replace(at, option.size(), "the server's max_pixels");
  return problem_response(status, problem);
}

HttpResponse answer_of(const std::exception_ptr& problem) {
  try {
    std::rethrow_exception(problem);
  } catch (const Unavailable& error) {
    return unavailable_response(error.what());
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
