#include "graft/data/label_columns.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/data/folder.h"
#include "graft/data/labels.h"

namespace graft {
namespace {

using namespace std::string_view_literals;

constexpr const char* usual_header = "begin it with the line path,label or path,label,split";

// The first name is graft's own and takes precedence over the others.
constexpr std::array path_names = {"path"sv,      "file"sv,     "filename"sv,   "file_name"sv, "filepath"sv,
                                   "file_path"sv, "image"sv,    "image_path"sv, "image_id"sv,  "image_name"sv,
                                   "img"sv,       "img_path"sv, "picture"sv,    "fname"sv};
constexpr std::array label_names = {"label"sv,     "labels"sv,   "class"sv, "class_name"sv,
                                    "classname"sv, "category"sv, "target"sv};
constexpr std::array split_names = {"split"sv};
constexpr std::array valid_names = {"is_valid"sv};
// Names of columns that may be a split.
constexpr std::array like_split_names = {"set"sv,     "subset"sv, "part"sv,  "partition"sv,
                                         "phase"sv,   "fold"sv,   "kfold"sv, "is_train"sv,
                                         "is_test"sv, "is_val"sv, "train"sv, "usage"sv};

std::string shown_header(const std::vector<std::string>& header) {
  std::vector<std::string> names;
  for (const std::string& name : header) names.push_back("\"" + shorten(name) + "\"");
  return shorten_list(names);
}

std::string normalised(const std::string& name) { return to_lower_ascii(trimmed(name)); }

// The columns with one of the names: those with the first name, if there are any.
std::vector<std::size_t> columns_named(const std::vector<std::string>& header,
                                       std::span<const std::string_view> names) {
  std::vector<std::size_t> own, others;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string name = normalised(header[i]);
    if (name == names.front()) {
      own.push_back(i);
    } else if (std::find(names.begin(), names.end(), name) != names.end()) {
      others.push_back(i);
    }
  }
  return own.empty() ? others : own;
}

// The name of the number that weights without metadata predict (pretrained_model).
constexpr const char* unnamed_number = "output";

// Position of the column, or no_column.
std::size_t only_column(const std::vector<std::string>& header, std::span<const std::string_view> names,
                        const std::string& where) {
  const auto found = columns_named(header, names);
  if (found.empty()) return LabelColumns::no_column;
  if (found.size() == 1) return found.front();
  const std::string name(names.front()), first = header[found[0]], second = header[found[1]];
  if (normalised(first) == normalised(second))
    throw Error(where, "has two columns \"" + shorten(first) + "\"", "rename or remove one of them");
  throw Error(
      where, "the columns \"" + shorten(first) + "\" and \"" + shorten(second) + "\" may both be the " + name,
      "rename the intended one to \"" + name + "\"");
}

// How well the fields fit a header: 2: it has a path and a label; 1: a path and something else; 0: no path.
int fit_of_header(const std::vector<std::string>& fields) {
  if (fields.size() < 2 || columns_named(fields, path_names).empty()) return 0;
  return columns_named(fields, label_names).empty() ? 1 : 2;
}

// The columns with a name that are neither the path nor the split.
std::vector<std::size_t> others(const std::vector<std::string>& header, const LabelColumns& columns) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (i != columns.path && i != columns.split && !normalised(header[i]).empty()) found.push_back(i);
  }
  return found;
}

// The only other column, or no_column if there are none or several.
std::size_t only_other(const std::vector<std::string>& header, const LabelColumns& columns) {
  const auto found = others(header, columns);
  return found.size() == 1 ? found.front() : LabelColumns::no_column;
}

void require_same_number(const std::string& column, const std::string& number_name,
                         const std::string& where) {
  if (may_be_same_number(column, number_name)) return;
  throw Error(where,
              "the model predicts \"" + shorten(number_name) + "\", and the column of numbers is \"" +
                  shorten(column) + "\"",
              "name it \"" + shorten(number_name) + "\" if it is the same number");
}

std::string advice_for_no_label(const std::vector<std::string>& header, const LabelColumns& columns,
                                LabelKind kind, const std::vector<std::string>& first_row) {
  std::vector<std::size_t> candidates = others(header, columns);
  const auto holds_number = [&](std::size_t column) {
    return column < first_row.size() && is_number(trimmed(first_row[column]));
  };
  if (kind == LabelKind::number) {
    std::erase_if(candidates, [&](std::size_t column) { return !holds_number(column); });
    if (candidates.size() < 2) return "name the column of numbers \"label\"";
    std::vector<std::string> names;
    for (const std::size_t column : candidates) names.push_back("\"" + shorten(header[column]) + "\"");
    return "name the column of the number to predict \"label\": one of " + shorten_list(names);
  }
  if (candidates.size() == 1)
    return "name the column \"" + shorten(header[candidates.front()]) + "\" \"label\"" +
           (kind == LabelKind::automatic && holds_number(candidates.front())
                ? ", or predict its numbers with `labels` number"
                : "");
  if (header.size() < 3) return usual_header;
  return "write one column \"label\"; if a picture has several classes, join them by |";
}

// A first line without a picture is a header, with other names or another separator.
std::string advice_for_no_path(const std::vector<std::string>& header) {
  if (std::any_of(header.begin(), header.end(),
                  [](const std::string& field) { return has_image_extension(trimmed(field)); }))
    return usual_header;
  const std::string line = join(header, ",");
  for (const char separator : {'|', ':', ' '}) {
    std::vector<std::string> fields = split(line, separator);
    if (fit_of_header(fields) == 2)
      return std::string("separate the columns by commas, tabs or semicolons, not by ") +
             (separator == ' ' ? "blanks" : "\"" + std::string(1, separator) + "\"");
  }
  if (header.size() > 1) return "rename the column of the pictures' paths to \"path\"";
  return usual_header;
}

void warn_of_columns(const std::vector<std::string>& header, const LabelColumns& columns,
                     const std::string& where, std::vector<std::string>& warnings) {
  std::vector<std::string> read;
  for (const auto& [column, usual] : {std::pair(columns.path, "path"), std::pair(columns.label, "label"),
                                      std::pair(columns.split, "split")}) {
    if (column == LabelColumns::no_column || normalised(header[column]) == usual) continue;
    read.push_back(std::string(usual) + " is read from the column \"" + shorten(header[column]) + "\"");
  }
  if (!read.empty()) warnings.push_back(where + ": " + join(read, ", "));
}

bool is_named(const std::string& column, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), normalised(column)) != names.end();
}

// The part that a column of true and false marks.
std::optional<DataPart> flagged_part(const std::string& column) {
  const std::string name = normalised(column);
  if (name == "is_train") return DataPart::train;
  if (name == "is_valid" || name == "is_val") return DataPart::val;
  if (name == "is_test") return DataPart::test;
  return std::nullopt;
}

// A validation flag may be true or false for test rows: some programs divide the pictures into two parts
// only.
bool contradicts(DataPart flagged, bool is_set, DataPart part) {
  if (flagged == DataPart::val && part == DataPart::test) return false;
  return is_set != (part == flagged);
}

// Without folders that only one of two names has, and without a picture's ending.
bool may_be_one_file(const std::string& first, const std::string& second) {
  const auto stem = [](const std::string& field) {
    std::string name = "/" + trimmed(field);
    std::replace(name.begin(), name.end(), '\\', '/');
    if (has_image_extension(name)) name.erase(name.rfind('.'));
    return name;
  };
  const std::string a = stem(first), b = stem(second);
  return a.ends_with(b) || b.ends_with(a);
}

}  // namespace

bool may_be_same_number(const std::string& a, const std::string& b) {
  const auto is_generic = [](const std::string& name) {
    return name.empty() || name == unnamed_number ||
           std::find(label_names.begin(), label_names.end(), name) != label_names.end();
  };
  const std::string first = normalised(a), second = normalised(b);
  return is_generic(first) || is_generic(second) || first == second;
}

void find_header(CsvReader& reader) {
  for (std::string_view line = reader.next_line(); line.starts_with('#') || line.starts_with("sep=");
       line = reader.next_line())
    reader.skip_line();
  int best = 0;
  for (const char separator : {',', '\t', ';'}) {
    std::vector<std::string> header;
    try {
      CsvReader line(reader.next_line(), "", separator);
      const int fit = line.next(header) ? fit_of_header(header) : 0;
      if (fit <= best) continue;
      best = fit;
      reader.separate_by(separator);
    } catch (const Error&) {  // its quotes are invalid with this separator
    }
  }
}

LabelColumns label_columns(const std::vector<std::string>& header, const std::string& where,
                           std::vector<std::string>& warnings, LabelKind kind, const std::string& number_name,
                           const std::vector<std::string>& first_row) {
  LabelColumns columns;
  columns.count = header.size();
  columns.path = only_column(header, path_names, where);
  const auto named = std::find_if(header.begin(), header.end(),
                                  [&](const std::string& name) { return trimmed(name) == number_name; });
  const bool by_name = kind == LabelKind::number && !number_name.empty() && named != header.end();
  columns.label =
      by_name ? static_cast<std::size_t>(named - header.begin()) : only_column(header, label_names, where);
  columns.split = only_column(header, split_names, where);
  if (columns.split == LabelColumns::no_column) {
    columns.split = only_column(header, valid_names, where);
    columns.split_is_valid = columns.split != LabelColumns::no_column;
  }
  if (columns.label == LabelColumns::no_column && kind == LabelKind::number)
    columns.label = only_other(header, columns);
  if (columns.path == LabelColumns::no_column)
    throw Error(where, "has no column \"path\", but " + shown_header(header), advice_for_no_path(header));
  if (columns.label == LabelColumns::no_column)
    throw Error(where, "has no column \"label\", but " + shown_header(header),
                advice_for_no_label(header, columns, kind, first_row));
  if (kind == LabelKind::number) require_same_number(header[columns.label], number_name, where);
  warn_of_columns(header, columns, where, warnings);
  return columns;
}

const char* name_of(DataPart part) {
  return part == DataPart::train ? "train" : part == DataPart::val ? "val" : "test";
}

std::optional<DataPart> part_of_name(std::string_view name) {
  const std::string word = normalised(std::string(name));
  if (word == "train" || word == "training") return DataPart::train;
  if (word == "val" || word == "valid" || word == "validation" || word == "dev") return DataPart::val;
  if (word == "test" || word == "testing") return DataPart::test;
  return std::nullopt;
}

std::optional<bool> flag_of(std::string_view text) {
  const std::string word = normalised(std::string(text));
  if (word == "true" || word == "1") return true;
  if (word == "false" || word == "0") return false;
  return std::nullopt;
}

UnusedColumns::UnusedColumns(const std::vector<std::string>& header, const LabelColumns& columns)
    : header_(header), columns_(columns) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (i == columns.path || i == columns.label || i == columns.split) continue;
    Column column{i, "\"" + shorten(header[i]) + "\""};
    if (is_named(header[i], path_names)) column.instead = columns.path;
    if (is_named(header[i], label_names)) column.instead = columns.label;
    column.like_split = is_named(header[i], like_split_names);
    column.flag = flagged_part(header[i]);
    unused_.push_back(std::move(column));
  }
}

void UnusedColumns::add(const std::vector<std::string>& fields, DataPart part, const std::string& where) {
  for (Column& column : unused_) {
    if (column.position < fields.size()) add(column, fields, part, where);
  }
}

void UnusedColumns::add(Column& column, const std::vector<std::string>& fields, DataPart part,
                        const std::string& where) {
  const std::string& value = fields[column.position];
  const bool matters = column.instead != LabelColumns::no_column || column.flag || column.all_splits;
  if (!matters || trimmed(value).empty()) return;
  const bool has_split = columns_.split != LabelColumns::no_column;
  if (column.instead == columns_.path) {
    column.differs = column.differs || !may_be_one_file(value, fields[columns_.path]);
  } else if (column.instead == columns_.label) {
    column.differs = column.differs || trimmed(value) != trimmed(fields[columns_.label]);
  }
  if (column.all_splits) {
    const auto named = part_of_name(value);
    column.all_splits = column.any_split = named.has_value();
    column.other_split = column.other_split || (named && *named != part);
  }
  if (!has_split || !column.flag) return;
  const auto flag = flag_of(value);
  if (!flag || !contradicts(*column.flag, *flag, part)) return;
  throw Error(where,
              column.name + " is " + trimmed(value) + ", but \"" + shorten(header_[columns_.split]) +
                  "\" is " + trimmed(fields[columns_.split]),
              "correct the row, or remove the wrong column");
}

void UnusedColumns::warn(const std::string& where, std::vector<std::string>& warnings) const {
  const bool has_split = columns_.split != LabelColumns::no_column;
  for (const Column& column : unused_) {
    const std::string is_not_read = where + ": the column " + column.name + " is not read; ";
    if (column.differs) {
      warnings.push_back(is_not_read + (column.instead == columns_.path ? "path" : "label") +
                         " is read from the column \"" + shorten(header_[column.instead]) + "\"");
    } else if (!has_split && (column.like_split || (column.all_splits && column.any_split))) {
      warnings.push_back(is_not_read + "name it \"split\" if it assigns pictures to train, val or test");
    } else if (has_split && column.all_splits && column.other_split) {
      warnings.push_back(is_not_read + "the split is read from the column \"" +
                         shorten(header_[columns_.split]) + "\", which assigns other parts");
    }
  }
}

}  // namespace graft
