// open_labelled_data_set and open_labelled_evaluation: convert the rows of a table into Folders.
#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/data/class_names.h"
#include "graft/data/label_index.h"
#include "graft/data/labels.h"
#include "graft/data/split.h"
#include "graft/metrics/scale_limits.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

// In byte order, as names of folders are.
std::vector<std::string> classes_of(const std::vector<LabelRow>& rows, const Labels& labels) {
  if (labels.kind == LabelKind::number) return {labels.column};
  std::set<std::string> classes;
  for (const LabelRow& row : rows) {
    for (std::string& name : classes_of_label(row.label, labels.kind)) classes.insert(std::move(name));
  }
  return {classes.begin(), classes.end()};
}

// Label indices by name: classes, or sets and numbers, which are numbered in order of appearance.
class LabelNumbers {
 public:
  // `owner` names the source of the classes.
  LabelNumbers(const Labels& labels, const std::vector<std::string>& classes, std::string owner)
      : table_(labels.table),
        classes_(classes),
        kind_(labels.kind),
        may_be_numbers_(labels.may_be_numbers),
        owner_(std::move(owner)) {
    for (const std::string& name : classes)
      class_numbers_.emplace(name, static_cast<std::int64_t>(class_numbers_.size()));
  }

  // Throws Error for a label that is not a class.
  std::int64_t of(const LabelRow& row) {
    if (kind_ == LabelKind::single) return class_of(row.label, row.line);
    if (kind_ == LabelKind::number) return index_.of(csv_value(row.label, "label", table_.string()));
    std::vector<std::int64_t> set;
    for (const std::string& name : classes_of_label(row.label, kind_))
      set.push_back(class_of(name, row.line));
    std::sort(set.begin(), set.end());  // a model's classes come in its own order
    return index_.of(set);
  }

  const LabelIndex& index() const { return index_; }

 private:
  std::int64_t class_of(const std::string& name, std::size_t line) const {
    const auto found = class_numbers_.find(name);
    if (found != class_numbers_.end()) return found->second;
    const std::string list = list_as_bars(name), meant = advice_on_unknown_class(name, classes_);
    const bool bars = kind_ == LabelKind::single && name.find('|') != std::string::npos;
    throw Error(table_.string() + ":" + std::to_string(line), owner_ + " has no class \"" + name + "\"",
                bars              ? "\"|\" separates classes, but each picture must have one class here"
                : !list.empty()   ? "write " + shorten(list) + " if it is a list of classes"
                : may_be_numbers_ ? "the labels look like numbers: predict them with `labels` number, or, if "
                                    "they are classes, correct the label or remove the row"
                : meant.empty()   ? "correct the label or remove the row"
                                  : meant);
  }

  const fs::path& table_;
  const std::vector<std::string>& classes_;
  LabelKind kind_;
  bool may_be_numbers_;
  std::string owner_;
  std::unordered_map<std::string_view, std::int64_t> class_numbers_;
  LabelIndex index_;
};

bool has_part(const Labels& labels, DataPart part) {
  return std::any_of(labels.rows.begin(), labels.rows.end(),
                     [&](const LabelRow& row) { return row.part == part; });
}

std::vector<LabelRow> take_part(Labels& labels, DataPart part, const std::string& advice) {
  if (!has_part(labels, part))
    throw Error(labels.table.string(), std::string("no row has the split \"") + name_of(part) + "\"", advice);
  std::vector<LabelRow> rows;
  for (LabelRow& row : labels.rows) {
    if (row.part == part) rows.push_back(std::move(row));
  }
  return rows;
}

// The part of the table to evaluate.
EvaluationPart resolved_rows(const Labels& labels, EvaluationPart part) {
  if (!labels.has_split) {
    if (part == EvaluationPart::automatic || part == EvaluationPart::all) return EvaluationPart::all;
    throw Error(labels.table.string(), "has no column \"split\"",
                "leave `split` out to evaluate all of its rows");
  }
  if (part != EvaluationPart::automatic) return part;
  if (has_part(labels, DataPart::val)) return EvaluationPart::val;
  if (has_part(labels, DataPart::test)) return EvaluationPart::test;
  throw Error(labels.table.string(), "all its rows have the split \"train\"",
              "name a table of other pictures, or use `split` train");
}

std::vector<LabelRow> evaluated_rows(Labels& labels, EvaluationPart part) {
  if (part == EvaluationPart::all) return std::move(labels.rows);
  return take_part(labels,
                   part == EvaluationPart::train ? DataPart::train
                   : part == EvaluationPart::val ? DataPart::val
                                                 : DataPart::test,
                   "use another `split`");
}

// Average precision is undefined if no picture has a class.
void require_labels(const fs::path& table, const std::vector<LabelRow>& rows, const std::string& part) {
  const bool any =
      std::any_of(rows.begin(), rows.end(), [](const LabelRow& row) { return !row.label.empty(); });
  if (!any)
    throw Error(table.string(), "no " + part + " picture has a label",
                "label some, or leave the column split out to have pictures chosen for " + part);
}

// Nothing can be learned from a constant, or from numbers that float32 does not distinguish.
void require_different(const fs::path& table, const std::vector<LabelRow>& rows) {
  const bool same = std::all_of(rows.begin(), rows.end(),
                                [&](const LabelRow& row) { return row.label == rows.front().label; });
  if (same)
    throw Error(table.string(), "all training pictures have the number " + rows.front().label,
                "add pictures with other numbers");
  std::vector<double> numbers;
  for (const LabelRow& row : rows) numbers.push_back(csv_value(row.label, "label", table.string()));
  if (!is_usable(scale_of(numbers))) throw Error(table.string(), unusable_numbers, "use another unit");
}

// Refuses distinct numbers as classes: they are probably measurements.
void refuse_numbers_as_classes(const Labels& labels, const std::vector<std::string>& classes,
                               std::size_t pictures) {
  if (!labels.may_be_numbers || has_part(labels, DataPart::val) || classes.size() < pictures) return;
  throw Error(labels.table.string(), "the labels look like numbers, and no two pictures have the same",
              "predict them with `labels` number");
}

// Refuses numbers if the model predicts classes.
void refuse_numbers_for_classes(const Labels& labels, const std::vector<std::string>& classes) {
  const bool numbers = std::all_of(labels.rows.begin(), labels.rows.end(),
                                   [](const LabelRow& row) { return is_number(row.label); });
  if (!numbers || labels.kind == LabelKind::number || classes.empty() ||
      std::any_of(classes.begin(), classes.end(), is_number))
    return;
  throw Error(labels.table.string(),
              "its column \"" + shorten(labels.column) +
                  "\" holds numbers, and the model predicts classes: " + shorten_list(classes),
              "name a table of these classes");
}

Folder folder_of(const fs::path& table, std::vector<LabelRow> rows, const std::vector<std::string>& classes,
                 LabelNumbers& numbers) {
  // Sets and numbers are numbered in the order of their names, whatever the order of the rows.
  std::stable_sort(rows.begin(), rows.end(),
                   [](const LabelRow& a, const LabelRow& b) { return a.label < b.label; });
  Folder folder{table.parent_path(), classes, {}, {}};
  folder.table = table;
  folder.samples.reserve(rows.size());
  for (const LabelRow& row : rows) folder.samples.push_back({row.path, numbers.of(row)});
  numbers.index().give(folder);
  std::sort(folder.samples.begin(), folder.samples.end(), [](const Sample& a, const Sample& b) {
    return std::tie(a.label, a.path) < std::tie(b.label, b.path);
  });
  return folder;
}

}  // namespace

TrainingData open_labelled_data_set(const fs::path& table, const DataOptions& options,
                                    bool leave_out_missing) {
  Labels labels = read_labels(table, options.labels, leave_out_missing);
  TrainingData data;
  data.warnings = std::move(labels.warnings);
  auto rows = take_part(labels, DataPart::train, "mark the rows to train on");
  const auto classes = classes_of(rows, labels);
  if (classes.empty()) throw Error(table.string(), "no picture has a label", "fill some in");
  if (labels.kind == LabelKind::number) require_different(table, rows);
  if (classes.size() == 1 && labels.kind == LabelKind::single) {
    throw Error(table.string(), "holds one class only, \"" + classes.front() + "\"",
                "add pictures of another class");
  }
  refuse_numbers_as_classes(labels, classes, rows.size());
  warn_of_alike(classes, table.string(), data.warnings);
  LabelNumbers numbers(labels, classes, "train");
  data.train = folder_of(table, std::move(rows), classes, numbers);
  const auto add = [&](Folder& folder, DataPart part, const char* words) {
    if (!has_part(labels, part)) return false;
    auto part_rows = take_part(labels, part, "");
    require_labels(table, part_rows, words);
    folder = folder_of(table, std::move(part_rows), classes, numbers);
    warn_of_empty(folder, table.string() + " (" + words + " part)", data.warnings);
    return true;
  };
  const bool has_val = add(data.val, DataPart::val, "validation");
  try {
    add(data.test, DataPart::test, "test");
  } catch (const Error& error) {  // training does not need them
    data.warnings.push_back(std::string("the rows of the split \"test\" are not used: ") + error.what());
  }
  for (Folder* folder : {&data.train, &data.val, &data.test}) {
    if (!folder->samples.empty()) numbers.index().give(*folder);  // the labels of all parts
  }
  if (labels.has_split && !has_val && options.folds == 0)
    data.warnings.push_back(table.string() +
                            ": no row has the split \"val\"; validation pictures are split off those of "
                            "\"train\"");
  divide(data, options, has_val, table.string());
  return data;
}

EvaluationFolder open_labelled_evaluation(const fs::path& table, const std::vector<std::string>& classes,
                                          std::vector<std::string>& warnings, LabelKind kind,
                                          EvaluationPart part) {
  Labels labels = read_labels(table, kind, false, classes.empty() ? "" : classes.front());
  warnings.insert(warnings.end(), labels.warnings.begin(), labels.warnings.end());
  refuse_numbers_for_classes(labels, classes);
  part = resolved_rows(labels, part);
  auto rows = evaluated_rows(labels, part);
  const auto own = classes.empty() ? classes_of(rows, labels) : classes;
  LabelNumbers numbers(labels, own, "the model");
  EvaluationFolder folder{folder_of(table, std::move(rows), own, numbers), part};
  warn_of_empty(folder, table.string(), warnings);
  return folder;
}

}  // namespace graft
