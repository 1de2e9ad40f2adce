#include "graft/core/given_options.h"

#include <algorithm>

namespace graft {

void apply_options(const std::vector<OptionRef>& options, const GivenOptions& given) {
  for (const auto& [name, text] : given) {
    const auto found =
        std::find_if(options.begin(), options.end(), [&](const auto& o) { return o.name == name; });
    if (found != options.end()) found->set(text);
  }
}

std::string given_or(const GivenOptions& given, const std::string& name, const std::string& otherwise) {
  const auto found =
      std::find_if(given.rbegin(), given.rend(), [&](const auto& g) { return g.first == name; });
  return found == given.rend() ? otherwise : found->second;
}

bool is_given(const GivenOptions& given, const std::string& name) {
  return std::any_of(given.begin(), given.end(), [&](const auto& g) { return g.first == name; });
}

std::vector<std::string> names_of(const GivenOptions& given) {
  std::vector<std::string> names;
  for (const auto& [name, value] : given) names.push_back(name);
  return names;
}

}  // namespace graft
