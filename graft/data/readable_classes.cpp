#include "graft/data/readable_classes.h"

#include <string_view>
#include <unordered_set>

#include "graft/core/error.h"

namespace graft {

void require_every_class(const std::string& where, const Folder& folder, const std::vector<BadImage>& bad) {
  if (bad.empty()) return;
  std::unordered_set<std::string_view> bad_paths;
  for (const BadImage& each : bad) bad_paths.insert(each.path);
  Folder readable{folder.root, folder.classes, {}, {}, folder.class_sets};
  for (const Sample& sample : folder.samples) {
    if (!bad_paths.contains(sample.path)) readable.samples.push_back(sample);
  }
  const auto before = folder.count_per_class(), after = readable.count_per_class();
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (before[i] == 0 || after[i] > 0) continue;
    throw Error(where, "no picture of \"" + folder.classes[i] + "\" can be read",
                "replace its pictures, or remove the class");
  }
}

}  // namespace graft
