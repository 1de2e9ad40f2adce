// open_labelled_data_set and open_labelled_evaluation: rows of a table become what folders would be.
#include <algorithm>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/data/labels.h"
#include "graft/data/validation_part.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

// The labels in byte order, as names of folders are.
std::vector<std::string> classes_of(const std::vector<LabelRow>& rows) {
  std::vector<std::string> classes;
  std::unordered_set<std::string_view> seen;
  for (const LabelRow& row : rows) {
    if (seen.insert(row.label).second) classes.push_back(row.label);
  }
  std::sort(classes.begin(), classes.end());
  return classes;
}

std::vector<LabelRow> take_part(Labels& labels, DataPart part) {
  std::vector<LabelRow> rows;
  for (LabelRow& row : labels.rows) {
    if (row.part == part) rows.push_back(std::move(row));
  }
  if (rows.empty()) {
    throw Error(labels.table.string(),
                std::string("no row has the split \"") + (part == DataPart::train ? "train" : "val") + "\"",
                "add some, or remove the column to have pictures chosen for validation");
  }
  return rows;
}

// Labels that are no class are an Error; `owner` says whose the classes are.
Folder folder_of(const fs::path& table, const std::vector<LabelRow>& rows,
                 const std::vector<std::string>& classes, const std::string& owner) {
  std::unordered_map<std::string_view, std::int64_t> numbers;
  for (const std::string& name : classes) {
    numbers.emplace(name, static_cast<std::int64_t>(numbers.size()));
  }
  Folder folder{table.parent_path(), classes, {}, {}};
  folder.samples.reserve(rows.size());
  for (const LabelRow& row : rows) {
    const auto found = numbers.find(row.label);
    if (found == numbers.end()) {
      const std::string meant = did_you_mean(row.label, classes);
      throw Error(table.string() + ":" + std::to_string(row.line),
                  owner + " has no class \"" + row.label + "\"",
                  meant.empty() ? "correct the label or remove the row" : meant);
    }
    folder.samples.push_back({row.path, found->second});
  }
  std::sort(folder.samples.begin(), folder.samples.end(), [](const Sample& a, const Sample& b) {
    return std::tie(a.label, a.path) < std::tie(b.label, b.path);
  });
  return folder;
}

}  // namespace

DataSet open_labelled_data_set(const fs::path& table, const DataOptions& options) {
  Labels labels = read_labels(table);
  DataSet data;
  data.warnings = std::move(labels.warnings);
  const auto rows = labels.has_split ? take_part(labels, DataPart::train) : std::move(labels.rows);
  const auto classes = classes_of(rows);
  if (classes.size() == 1) {
    throw Error(table.string(), "holds one class only, \"" + classes.front() + "\"",
                "add pictures of another class");
  }
  data.train = folder_of(table, rows, classes, "train");
  if (!labels.has_split) {
    split_off_validation(data, options, table.string());
    return data;
  }
  data.val = folder_of(table, take_part(labels, DataPart::val), classes, "train");
  warn_of_empty(data.val, table.string(), data.warnings);
  return data;
}

Folder open_labelled_evaluation(const fs::path& table, const std::vector<std::string>& classes,
                                std::vector<std::string>& warnings) {
  Labels labels = read_labels(table);
  warnings.insert(warnings.end(), labels.warnings.begin(), labels.warnings.end());
  const auto rows = labels.has_split ? take_part(labels, DataPart::val) : std::move(labels.rows);
  Folder folder = folder_of(table, rows, classes.empty() ? classes_of(rows) : classes, "the model");
  warn_of_empty(folder, table.string(), warnings);
  return folder;
}

}  // namespace graft
