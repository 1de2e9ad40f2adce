#include "graft/core/error.h"

#include <utility>

namespace graft {
namespace {

// Without the control characters of ASCII and of Latin-1 (in UTF-8): a terminal would obey them.
std::string fit_to_print(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == 0x7f) text[i] = '?';
    if (c != 0xc2 || i + 1 == text.size()) continue;
    const auto next = static_cast<unsigned char>(text[i + 1]);
    if (next >= 0x80 && next < 0xa0) text.replace(i, 2, "?");
  }
  return text;
}

std::string sentence(const std::string& where, const std::string& problem, const std::string& advice) {
  std::string text = where.empty() ? problem : where + ": " + problem;
  if (!advice.empty()) text += "; " + advice;
  return fit_to_print(std::move(text));
}

}  // namespace

Error::Error(std::string where, std::string problem, std::string advice)
    : std::runtime_error(sentence(where, problem, advice)),
      where_(std::move(where)),
      problem_(std::move(problem)),
      advice_(std::move(advice)) {}

}  // namespace graft
