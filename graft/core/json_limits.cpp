#include "graft/core/json_limits.h"

#include "graft/core/text.h"

namespace graft {

bool is_json_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;  // an escaped quote does not end the string
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > max_json_depth) return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

// "[json.exception.parse_error.101] parse error at line 3, column 8: syntax error …",
// "[json.exception.out_of_range.406] number overflow parsing '1e999'".
JsonProblem json_problem(const std::exception& error) {
  constexpr std::string_view name = "[json.exception.", position = "parse error at line ";
  std::string text = error.what();
  if (!text.starts_with(name)) return {false, "", shorten(text, 300)};
  text.erase(0, text.find("] ") + 2);
  if (!text.starts_with("parse error")) return {false, "", shorten(text, 300)};
  JsonProblem problem{true, "", shorten(text.substr(text.find(": ") + 2), 300)};
  if (text.starts_with(position))
    problem.line = ":" + text.substr(position.size(), text.find(',') - position.size());
  return problem;
}

}  // namespace graft
