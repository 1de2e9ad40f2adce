#include "graft/core/option_words.h"

#include <algorithm>

namespace graft {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool begins_word(std::string_view before) {
  return before.empty() || before.ends_with(' ') || before.ends_with('(');
}
bool ends_word(std::string_view after) {
  return after.empty() || std::string_view(" ,;:)").find(after.front()) != std::string_view::npos ||
         (after.front() == '.' && (after.size() == 1 || after[1] == ' '));
}

}  // namespace

std::string replace_options(std::string_view text,
                            const std::function<std::string(const std::string& name)>& word_for) {
  std::string result;
  std::size_t done = 0;
  for (std::size_t open = text.find('`'); open != text.npos; open = text.find('`', open + 1)) {
    const std::size_t close = text.find('`', open + 1);
    if (close == text.npos) break;
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (!is_name(name) || !begins_word(text.substr(0, open)) || !ends_word(text.substr(close + 1))) continue;
    result += std::string(text.substr(done, open - done)) + word_for(std::string(name));
    done = close + 1;
    open = close;
  }
  return result + std::string(text.substr(done));
}

}  // namespace graft
