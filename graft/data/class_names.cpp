#include "graft/data/class_names.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "graft/core/decompose.h"
#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/text.h"
#include "graft/core/utf8.h"

namespace graft {
namespace {

// Shows the characters of names that look the same.
std::string shown(const std::string& name) { return "\"" + shorten(escape_non_ascii(name)) + "\""; }

}  // namespace

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
    const std::string advice = advice_on_unknown_class(name, known);
    throw Error((root / name).string(), owner + " has no class \"" + name + "\"",
                advice.empty() ? "rename or remove the folder" : advice);
  }
}

std::string advice_on_unknown_class(const std::string& name, const std::vector<std::string>& known) {
  const auto same = std::find_if(known.begin(), known.end(), [&](const std::string& other) {
    return differ_in_unicode_form(name, other);
  });
  if (same == known.end()) return did_you_mean(name, known);
  return "it has " + shown(*same) + ", and this is " + shown(name) +
         ": the same letters as composed and as decomposed characters; use one form for both";
}

void warn_of_alike(const std::vector<std::string>& classes, const std::string& where,
                   std::vector<std::string>& warnings) {
  std::unordered_map<std::string, std::string> seen;  // by the decomposed name in lower case
  for (const std::string& name : classes) {
    const auto [found, is_new] = seen.emplace(to_lower_ascii(decomposed(name)), name);
    if (is_new) continue;
    const std::string& other = found->second;
    const std::string both = differ_in_unicode_form(other, name)
                                 ? shown(other) + " and " + shown(name) +
                                       " have the same letters, as composed and as decomposed characters"
                                 : "\"" + other + "\" and \"" + name + "\" differ only in case";
    warnings.push_back(where + ": the classes " + both + "; they are two classes");
  }
}

}  // namespace graft
