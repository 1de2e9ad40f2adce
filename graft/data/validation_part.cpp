#include "graft/data/validation_part.h"

#include <utility>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/data/split.h"

namespace graft {
namespace {

constexpr std::size_t most_names = 5;  // named in a message

}  // namespace

std::vector<std::string> names_of_empty(const Folder& folder) {
  std::vector<std::string> names;
  const auto counts = folder.count_per_class();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) names.push_back("\"" + folder.classes[i] + "\"");
  }
  return names;
}

// An empty class and one without a folder are the same to whoever reads the figures: nothing tells how well
// it does.
void warn_of_empty(const Folder& folder, const std::string& where, std::vector<std::string>& warnings) {
  const auto names = names_of_empty(folder);
  if (names.empty()) return;
  warnings.push_back(where + ": no pictures of " + shorten_list(names, most_names));
}

void split_off_validation(DataSet& data, const DataOptions& options, const std::string& where) {
  data.val.root = data.train.root;
  data.val.classes = data.train.classes;
  data.val.class_sets = data.train.class_sets;
  Folder whole = data.val;
  whole.samples = std::move(data.train.samples);
  Split split = stratified_split(std::move(whole), options.val_fraction, options.split_seed);
  data.split = true;
  data.val.samples = std::move(split.val);
  data.train.samples = std::move(split.train);
  if (data.val.samples.empty()) {
    throw Error(where, "has one picture of each class, so that none is left to validate on", "add pictures");
  }
  warn_of_empty(data.val, where + " (validation part)", data.warnings);
}

}  // namespace graft
