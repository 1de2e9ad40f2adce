#include "graft/serve/answers.h"

#include "graft/core/error.h"
#include "graft/infer/inference_model.h"

namespace graft {

HttpResponse json_answer(const std::string& json) { return {200, "application/json", json + "\n", {}}; }

// The library's message for a client, who does not choose the options.
static std::string for_client(std::string problem) {
  const std::string advice = "raise `max_pixels` if you trust it";
  if (const std::size_t at = problem.find(advice); at != std::string::npos)
    problem.replace(at, advice.size(), "ask for a larger `max_pixels` of the server");
  return problem;
}

HttpResponse problem_answer(int status, const std::string& problem) {
  return problem_response(status, for_client(problem));
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
    return for_client(error.what());
  }
}

}  // namespace graft
