#include "graft/data/class_names.h"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/core/utf8.h"

namespace graft {

void check_class_names(const std::filesystem::path& root, const std::vector<std::string>& classes) {
  for (const std::string& name : classes) {
    if (is_utf8(name)) continue;
    throw Error((root / name).string(), "the name of this class folder is not UTF-8", "rename the folder");
  }
}

void check_known_classes(const std::filesystem::path& root, const std::vector<std::string>& found,
                         const std::vector<std::string>& known, const std::string& owner) {
  const std::unordered_set<std::string_view> names(known.begin(), known.end());
  for (const std::string& name : found) {
    if (names.contains(name)) continue;
    const std::string meant = did_you_mean(name, known);
    throw Error((root / name).string(), owner + " has no class \"" + name + "\"",
                meant.empty() ? "rename or remove the folder" : meant);
  }
}

void warn_of_alike(const std::vector<std::string>& classes, const std::string& where,
                   std::vector<std::string>& warnings) {
  std::unordered_map<std::string, std::string> seen;  // by the name in lower case
  for (const std::string& name : classes) {
    const auto [other, is_new] = seen.emplace(to_lower_ascii(name), name);
    if (is_new) continue;
    warnings.push_back(where + ": the classes \"" + other->second + "\" and \"" + name +
                       "\" differ only in case; they are two classes");
  }
}

}  // namespace graft
