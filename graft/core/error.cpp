#include "graft/core/error.h"

#include <utility>

#include "graft/core/escape.h"

namespace graft {
namespace {

std::string sentence(const std::string& where, const std::string& problem, const std::string& advice) {
  std::string text = where.empty() ? problem : where + ": " + problem;
  if (!advice.empty()) text += "; " + advice;
  return escape_controls(text);
}

}  // namespace

Error::Error(std::string where, std::string problem, std::string advice)
    : std::runtime_error(sentence(where, problem, advice)),
      where_(std::move(where)),
      problem_(std::move(problem)),
      advice_(std::move(advice)) {}

}  // namespace graft
