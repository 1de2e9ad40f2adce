#include "cli/flags.h"

#include <algorithm>

namespace graft::cli {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// Names of files and classes may hold backquotes: what the library quotes stands as a word of its own.
bool begins_word(std::string_view before) {
  return before.empty() || before.ends_with(' ') || before.ends_with('(');
}
bool ends_word(std::string_view after) {
  return after.empty() || std::string_view(" ,;:)").find(after.front()) != std::string_view::npos ||
         (after.front() == '.' && (after.size() == 1 || after[1] == ' '));
}

std::string word_for(const std::string& name, const std::map<std::string, std::string>& words) {
  if (const auto found = words.find(name); found != words.end()) return found->second;
  if (name == "data") return "DATA";
  if (name == "resume") return "graft train --resume";  // also of other verbs
  return flag_of(name);
}

}  // namespace

std::string flag_of(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', '-');
  return "--" + text;
}

std::string in_flags(std::string_view text, const std::map<std::string, std::string>& words) {
  std::string result;
  std::size_t done = 0;
  for (std::size_t open = text.find('`'); open != text.npos; open = text.find('`', open + 1)) {
    const std::size_t close = text.find('`', open + 1);
    if (close == text.npos) break;
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (!is_name(name) || !begins_word(text.substr(0, open)) || !ends_word(text.substr(close + 1))) continue;
    result += std::string(text.substr(done, open - done)) + word_for(std::string(name), words);
    done = close + 1;
    open = close;
  }
  return result + std::string(text.substr(done));
}

}  // namespace graft::cli
