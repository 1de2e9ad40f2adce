#include "cli/flags.h"

#include <algorithm>

namespace graft::cli {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
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
  while (!text.empty()) {
    const std::size_t open = text.find('`');
    const std::size_t close = open == text.npos ? text.npos : text.find('`', open + 1);
    if (close == text.npos) break;
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (is_name(name)) {
      result += std::string(text.substr(0, open)) + word_for(std::string(name), words);
      text.remove_prefix(close + 1);
    } else {
      result += text.substr(0, close);
      text.remove_prefix(close);
    }
  }
  return result + std::string(text);
}

}  // namespace graft::cli
