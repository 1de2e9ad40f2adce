#include "cli/flags.h"

#include <algorithm>

#include "graft/core/option_words.h"

namespace graft::cli {

std::string flag_of(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', '-');
  return "--" + text;
}

std::string in_flags(std::string_view text, const std::map<std::string, std::string>& words) {
  return replace_options(text, [&](const std::string& name) -> std::string {
    if (const auto found = words.find(name); found != words.end()) return found->second;
    if (name == "data") return "DATA";
    if (name == "resume") return "graft train --resume";  // also in messages of other verbs
    return flag_of(name);
  });
}

}  // namespace graft::cli
