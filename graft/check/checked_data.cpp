#include "graft/check/checked_data.h"

#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
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

std::vector<std::string> classes_of(const std::vector<fs::path>& parts) {
  std::set<std::string> classes;
  for (const fs::path& part : parts) {
    for (std::string& name : list_classes(part)) classes.insert(std::move(name));
  }
  return {classes.begin(), classes.end()};
}

// Without the requirements of training.
CheckedData list_what_is_there(const fs::path& root) {
  CheckedData data;
  if (!is_folder(root)) return data;
  DataLayout layout = find_data_layout(root, data.warnings);
  if (!layout.has_parts()) layout.train = layout.root;
  std::vector<fs::path> parts;
  for (const auto& part : {layout.train, layout.val, layout.test}) {
    if (part) parts.push_back(*part);
  }
  data.classes = classes_of(parts);
  const auto append = [&](const std::optional<fs::path>& part, std::vector<std::int64_t>& counts) {
    const std::size_t before = data.samples.size();
    if (part) append_part(data, list_folder(*part, data.classes), counts);
    return data.samples.size() - before;
  };
  data.train = append(layout.train, data.train_counts);
  append(layout.val, data.val_counts);
  data.test = append(layout.test, data.test_counts);
  return data;
}

CheckedData checked(TrainingData opened) {
  CheckedData data;
  data.classes = opened.train.classes;
  data.train = opened.train.samples.size();
  data.test = opened.test.samples.size();
  data.split = opened.split;
  data.test_split = opened.test_split;
  data.warnings = std::move(opened.warnings);
  append_part(data, std::move(opened.train), data.train_counts);
  append_part(data, std::move(opened.val), data.val_counts);
  append_part(data, std::move(opened.test), data.test_counts);
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

const char* CheckedData::part_of(std::size_t picture) const {
  if (picture < train) return "training";
  return picture < samples.size() - test ? "validation" : "test";
}

std::string CheckedData::parts_of(const std::vector<std::uint32_t>& pictures) const {
  if (test == 0) return "";
  std::vector<std::string> parts;  // the pictures are in the order of the parts
  for (const std::uint32_t picture : pictures) {
    if (parts.empty() || parts.back() != part_of(picture)) parts.emplace_back(part_of(picture));
  }
  return parts.size() > 1 ? join(parts, " and ") : "";
}

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
