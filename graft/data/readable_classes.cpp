#include "graft/data/readable_classes.h"

#include <string>
#include <string_view>
#include <unordered_set>

#include "graft/core/text.h"

namespace graft {

void refuse_picture(const Error& error, const Sample& sample) {
  const std::string own = error.advice().empty() ? "" : error.advice() + "; ";
  const std::string list =
      sample.source == nullptr ? "graft check lists them" : "check_data_set() lists them";
  throw UnreadablePicture(error.where(), error.problem(),
                          own + "`skip_bad` leaves such pictures out, and " + list);
}

void skip_or_refuse(const std::exception_ptr& failure, const Sample& sample, bool skip_bad,
                    std::vector<BadImage>& bad) {
  try {
    std::rethrow_exception(failure);
  } catch (const EngineError&) {
    throw;
  } catch (const Error& error) {
    if (!skip_bad) refuse_picture(error, sample);
    bad.push_back({sample.path, error.what()});
  }
}

std::string skipped_words(std::int64_t count) {
  return "skipped " + counted(count, "picture") + " that could not be read";
}

void require_readable(const Folder& folder, const std::string& part, std::size_t read,
                      const std::vector<BadImage>& bad) {
  const std::string where = folder.root.empty() ? "the data" : folder.root.string();
  const std::string kind = part.empty() ? "" : part + " ";
  if (read == 0)
    throw Error(where, "none of its " + kind + "pictures could be read" +
                           (bad.empty() ? "" : ": " + bad.front().message));
  if (bad.empty()) return;
  std::unordered_set<std::string_view> bad_paths;
  for (const BadImage& each : bad) bad_paths.insert(each.path);
  Folder readable{folder.root, folder.classes, {}, {}, folder.class_sets, folder.numbers};
  for (const Sample& sample : folder.samples) {
    if (!bad_paths.contains(sample.path)) readable.samples.push_back(sample);
  }
  const auto before = folder.count_per_class(), after = readable.count_per_class();
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (before[i] == 0 || after[i] > 0) continue;
    throw Error(where, "no " + kind + "picture of \"" + folder.classes[i] + "\" can be read",
                "replace its pictures, or remove the class");
  }
}

}  // namespace graft
