#include "graft/check/checked_data.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/data/data_layout.h"
#include "graft/data/labels.h"
#include "graft/data/walk.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

// The files of one part that are not among its pictures. Listed only here: a dataset may have as many of them
// as pictures.
void list_files(CheckedData& data, const Folder& folder) {
  if (folder.ignored.count == 0) return;
  for (std::string& file : list_ignored(folder.root, folder.classes)) {
    std::string reason = why_ignored(file, folder.root);
    data.ignored.push_back({std::move(file), std::move(reason)});
  }
  std::erase(data.warnings, ignored_words(folder));
}

// The pictures of one part.
void append_part(CheckedData& data, Folder folder, std::vector<std::int64_t>& counts) {
  list_files(data, folder);
  if (!folder.samples.empty()) data.labels = folder.kind();
  counts = folder.count_per_class();
  data.sources.insert(data.sources.end(), folder.sources.begin(), folder.sources.end());
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

// Without the requirements of training.
CheckedData list_what_is_there(const fs::path& root) {
  CheckedData data;
  if (!is_folder(root)) return data;
  const DataLayout layout = find_data_layout(root, data.warnings);
  if (layout.has_parts() && !layout.train) {
    const fs::path part = layout.val ? *layout.val : *layout.test;
    data.classes = list_classes(part);
    data.train_counts.assign(data.classes.size(), 0);
    append_part(data, list_folder(part, data.classes), data.val_counts);
    return data;
  }
  const fs::path first = layout.train.value_or(layout.root);
  const bool both = layout.train && layout.val;
  data.classes = both ? classes_of_either(first, *layout.val) : list_classes(first);
  append_part(data, list_folder(first, data.classes), data.train_counts);
  data.train = data.samples.size();
  if (both) append_part(data, list_folder(*layout.val, data.classes), data.val_counts);
  return data;
}

CheckedData checked(TrainingData opened) {
  CheckedData data{
      opened.train.classes, {}, opened.train.samples.size(), opened.split, opened.warnings, {}, {}};
  append_part(data, std::move(opened.train), data.train_counts);
  append_part(data, std::move(opened.val), data.val_counts);
  return data;
}

// The rows of a table whose pictures exist; nothing if it is not a table of labels.
CheckedData list_rows_of_pictures(const fs::path& table, const DataOptions& options) {
  try {
    return checked(open_labelled_data_set(table, options, true));
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

CheckedData list_for_check(const DataSource& source, const DataOptions& options) {
  if (source.own) return checked(open_data_set(source, options));
  const fs::path root = source.path;
  try {
    return checked(open_data_set(root, options));
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    const bool is_table = is_label_table(root) && disk().info(root);
    CheckedData data = is_table ? list_rows_of_pictures(root, options) : list_what_is_there(root);
    if (data.samples.empty() && !is_table) throw;
    if (data.samples.empty() && options.labels != LabelKind::automatic) data.labels = options.labels;
    data.refusal = error.what();
    return data;
  }
}

}  // namespace graft
