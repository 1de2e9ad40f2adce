#include "graft/check/checked_data.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/data/data_layout.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

bool is_folder(const fs::path& path) {
  const auto info = disk().info(path);
  return info && info->kind == FileKind::directory;
}

void append(CheckedData& data, Folder folder) {
  data.samples.insert(data.samples.end(), std::make_move_iterator(folder.samples.begin()),
                      std::make_move_iterator(folder.samples.end()));
}

std::vector<std::string> classes_of_either(const fs::path& train, const fs::path& val) {
  std::vector<std::string> classes = list_classes(train);
  for (std::string& name : list_classes(val)) classes.push_back(std::move(name));
  std::sort(classes.begin(), classes.end());
  classes.erase(std::unique(classes.begin(), classes.end()), classes.end());
  return classes;
}

// Without any of the demands of a training.
CheckedData list_what_is_there(const fs::path& root) {
  CheckedData data;
  if (!is_folder(root)) return data;
  const DataLayout layout = find_data_layout(root, data.warnings);
  const fs::path first = layout.train.value_or(layout.root);
  const bool both = layout.train && layout.val;
  data.classes = both ? classes_of_either(first, *layout.val) : list_classes(first);
  append(data, list_folder(first, data.classes));
  data.train = data.samples.size();
  if (both) append(data, list_folder(*layout.val, data.classes));
  return data;
}

}  // namespace

CheckedData list_for_check(const fs::path& root, const DataOptions& options) {
  try {
    DataSet opened = open_data_set(root, options);
    CheckedData data{
        opened.train.classes,   {}, opened.train.samples.size(), opened.split, opened.warnings, {}, {},
        opened.train.class_sets};
    append(data, std::move(opened.train));
    append(data, std::move(opened.val));
    return data;
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    CheckedData data = list_what_is_there(root);
    if (data.samples.empty()) throw;
    data.refusal = error.what();
    return data;
  }
}

}  // namespace graft
