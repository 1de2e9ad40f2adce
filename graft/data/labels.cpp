#include "graft/data/labels.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/decompose.h"
#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/core/utf8.h"
#include "graft/data/label_columns.h"
#include "graft/data/walk.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t max_table_bytes = 1ULL << 30;
constexpr std::size_t max_name_bytes = 255;
// Other programs write them between classes.
constexpr std::array other_separators = {';', ',', '/'};

// One class of a label. `bars`: other labels of the table have "|", but each picture must have one class.
void check_class(const std::string& name, const std::string& label, const std::string& where, bool bars) {
  if (name.empty() && !label.empty())
    throw Error(where, "the label \"" + shorten(label) + "\" has an empty class before or after a \"|\"",
                "remove the superfluous \"|\"");
  if (name.empty())
    throw Error(where, "the label is empty",
                bars ? "other rows have \"|\" between classes, but each picture must have one class here"
                     : "fill it in or remove the row");
  if (!is_utf8(name)) throw Error(where, "the label is not UTF-8", "save the table as UTF-8");
  if (std::any_of(name.begin(), name.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; }))
    throw Error(where, "the label holds a line end or another control character", "remove it");
}

// An invisible blank would create another class.
bool has_outer_blanks(const std::string& label, LabelKind kind) {
  const auto parts = classes_of_label(label, kind);
  return std::any_of(parts.begin(), parts.end(),
                     [](const std::string& part) { return part != trimmed(part); });
}

struct NumberRead {
  double value = 0;
  std::errc error{};  // invalid_argument: not a number; result_out_of_range: too large or too small
};

NumberRead read_number(const std::string& label) {
  NumberRead read;
  const char* end = label.data() + label.size();
  const char* begin = label.data() + (label.starts_with('+') ? 1 : 0);
  const auto [stop, error] = std::from_chars(begin, end, read.value);
  read.error = error == std::errc() && stop != end ? std::errc::invalid_argument : error;
  return read;
}

// Throws Error if the label is not a finite number.
double number_of(const std::string& label, const std::string& where) {
  const auto [number, error] = read_number(label);
  const std::string shown = "the label \"" + shorten(label) + "\"";
  if (error == std::errc::result_out_of_range)
    throw Error(where, shown + " is out of the range of numbers", "correct it");
  if (label.empty()) throw Error(where, "the label is empty", "fill in a number or remove the row");
  if (error != std::errc()) {
    throw Error(where, shown + " is not a number",
                "write it as 1234.5 or -1234.5: with a decimal point, without separators of thousands and "
                "without a unit");
  }
  if (!std::isfinite(number)) throw Error(where, shown + " is not finite", "correct it or remove the row");
  return number;
}

// The column's name is the number's name in the model file and in output.
void check_number_name(const std::string& name, const std::string& where) {
  if (name.size() > max_name_bytes)
    throw Error(where, "the name of the column \"" + shorten(name) + "\" has " + counted(name.size(), "byte"),
                "give it a name of at most " + std::to_string(max_name_bytes) + " bytes");
  if (!is_utf8(name))
    throw Error(where, "the name of the column of numbers is not UTF-8", "save the table as UTF-8");
  if (std::any_of(name.begin(), name.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; }))
    throw Error(where, "the name of the column of numbers holds a control character", "remove it");
}

// "12,5", "50%", "-3 kg", "$5", "(5)", "−5" with U+2212: a number in another notation, rather than a class. A
// digit comes before any ASCII letter.
bool resembles_number(std::string_view label) {
  const auto first = std::find_if(label.begin(), label.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
  return first != label.end() && *first <= '9';
}

// Refuses classes if numbers are required. `model_number`: the name of the model's number, or empty.
void require_numbers(const std::vector<LabelRow>& rows, const Labels& labels,
                     const std::string& model_number) {
  const bool any = std::any_of(rows.begin(), rows.end(), [](const LabelRow& row) {
    const std::string label = trimmed(row.label);
    return label.empty() || is_number(label) || resembles_number(label);
  });
  if (any || rows.empty()) return;
  throw Error(
      labels.table.string(),
      "its column \"" + shorten(labels.column) + "\" holds no numbers, but \"" +
          shorten(trimmed(rows.front().label)) + "\"" +
          (model_number.empty() ? "" : ", and the model predicts the number \"" + model_number + "\""),
      model_number.empty() ? "name a column of numbers \"label\", or leave `labels` out to learn classes"
                           : "name a table with a column of numbers");
}

// The fields of the next record, without consuming it; none if they cannot be read.
std::vector<std::string> next_fields(CsvReader& reader) {
  std::vector<std::string> fields;
  try {
    CsvReader line(reader.next_line(), "", reader.separator());
    line.next(fields);
  } catch (const Error&) {  // reported when it is read again
  }
  return fields;
}

// The canonical spelling of a label.
std::string spelled(const std::string& label, LabelKind kind, const std::string& where) {
  if (kind == LabelKind::number) return csv_number(number_of(label, where));
  if (kind != LabelKind::multi) return label;
  std::vector<std::string> parts = classes_of_label(label, kind);
  for (std::string& part : parts) part = trimmed(part);
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  return join(parts, "|");
}

DataPart part_of(const std::string& field, bool is_valid, const std::string& where) {
  if (is_valid) {
    if (const auto flag = flag_of(field)) return *flag ? DataPart::val : DataPart::train;
    throw Error(where, "is_valid is \"" + shorten(field) + "\", neither true nor false", "correct it");
  }
  if (const auto part = part_of_name(field)) return *part;
  throw Error(where, "the split \"" + shorten(field) + "\" is not train, val or test",
              field.starts_with('\'') ? "quote fields by \" instead of '"
                                      : "correct it, or remove the row or the column");
}

// The path as written, if it exists; else without the artefacts of spreadsheets, Windows and scripts.
std::string path_below(const fs::path& folder, const std::string& field) {
  const std::string as_written = (folder / field).string();
  constexpr std::string_view file_url = "file://";
  std::string mended = trimmed(field);
  if (mended.starts_with(file_url)) mended.erase(0, file_url.size());
  const bool has_backslash = mended.find('\\') != std::string::npos;
  if ((mended == field && !has_backslash) || disk().info(as_written)) return as_written;
  std::string joined = (folder / mended).string();
  if (!has_backslash || disk().info(joined)) return joined;
  std::replace(mended.begin(), mended.end(), '\\', '/');
  return (folder / mended).string();
}

// Refuses fields without a column: they are usually the rest of a label that contains a comma.
void refuse_more_fields(const std::vector<std::string>& fields, const LabelColumns& columns,
                        const CsvReader& reader) {
  const char* separator = reader.separator() == ','   ? "comma"
                          : reader.separator() == ';' ? "semicolon"
                                                      : "tab";
  for (std::size_t i = columns.count; i < fields.size(); ++i) {
    if (trimmed(fields[i]).empty()) continue;
    throw Error(
        reader.where(),
        "has " + counted(fields.size(), "field") + ", and the header has " + std::to_string(columns.count),
        std::string("put a field that holds a ") + separator + " in quotes");
  }
}

// A whole path below the folder of a table that is named from the current folder becomes a path from there,
// so that a picture has one name below the table however both are written.
std::string path_of_row(const fs::path& folder, const std::string& path) {
  if (folder.is_absolute() || path.front() != '/') return path_below(folder, path);
  const std::string root = (absolute_path(folder / ".") / "").lexically_normal().string();
  return path.starts_with(root) ? path_below(folder, path.substr(root.size())) : path;
}

LabelRow row_of(const std::vector<std::string>& fields, const LabelColumns& columns, const CsvReader& reader,
                const fs::path& folder) {
  const auto field = [&](std::size_t column, const char* name) -> const std::string& {
    if (column < fields.size()) return fields[column];
    throw Error(reader.where(), std::string("ends before the column \"") + name + "\"",
                "give every row as many fields as the first");
  };
  refuse_more_fields(fields, columns, reader);
  const std::string& path = field(columns.path, "path");
  if (trimmed(path).empty()) throw Error(reader.where(), "the path is empty", "fill it in or remove the row");
  LabelRow row{path_of_row(folder, path), field(columns.label, "label"), DataPart::train, reader.line()};
  if (columns.split != LabelColumns::no_column)
    row.part = part_of(field(columns.split, "split"), columns.split_is_valid, reader.where());
  return row;
}

std::string shown_path(const LabelRow& row) { return shorten(row.path, 500); }
std::string line_of(const LabelRow& row) { return "line " + std::to_string(row.line); }

bool has_several(const std::vector<LabelRow>& rows) {
  return std::any_of(rows.begin(), rows.end(),
                     [](const LabelRow& row) { return row.label.find('|') != std::string::npos; });
}

// Identifies a file under any path or link; for a missing file, its path.
std::string identity_of(const LabelRow& row) {
  const auto info = disk().info(row.path);
  if (!info || info->inode == 0) return absolute_path(row.path).string();
  return std::to_string(info->device) + ":" + std::to_string(info->inode);
}

// The rows of different files, however their paths are written.
class DistinctRows {
 public:
  explicit DistinctRows(Labels& labels) : labels_(labels) {}

  void add(LabelRow row, const std::string& where) {
    const auto [found, is_new] = seen_.emplace(identity_of(row), labels_.rows.size());
    if (is_new) {
      labels_.rows.push_back(std::move(row));
      return;
    }
    const LabelRow& first = labels_.rows[found->second];
    if (first.label != row.label) {
      throw Error(where,
                  named(row, first) + " is \"" + shorten(row.label) + "\" here and \"" +
                      shorten(first.label) + "\" in " + line_of(first),
                  labels_.kind == LabelKind::number
                      ? "keep one of the rows"
                      : "keep one of the rows, or name both classes with \"|\" between them");
    }
    if (first.part != row.part) {
      throw Error(where,
                  named(row, first) + " is in " + name_of(row.part) + " and in " + name_of(first.part) +
                      " (" + line_of(first) + ")",
                  "keep one of the rows");
    }
    if (repeated_++ == 0) first_repeated_ = "line " + std::to_string(row.line);
  }

  // The row's path, and the other path to the same file if it differs.
  static std::string named(const LabelRow& row, const LabelRow& first) {
    const bool same = absolute_path(row.path) == absolute_path(first.path);
    return shown_path(row) + (same ? "" : ", the same file as " + shown_path(first) + ",");
  }

  void warn() const {
    if (repeated_ == 0) return;
    labels_.warnings.push_back(labels_.table.string() + ": " + counted(repeated_, "row") +
                               (repeated_ == 1 ? " repeats" : " repeat") + " an earlier one (" +
                               first_repeated_ + (repeated_ == 1 ? ")" : ", …)"));
  }

 private:
  Labels& labels_;
  std::unordered_map<std::string, std::size_t> seen_;
  std::size_t repeated_ = 0;
  std::string first_repeated_;
};

bool is_file(const fs::path& path) {
  const auto info = disk().info(path);
  return info && info->kind == FileKind::regular;
}

// The name in the file's folder that differs only in its Unicode form, or "".
std::string name_in_other_form(const fs::path& path) {
  const std::string name = path.filename().string();
  const fs::path folder = path.parent_path() / ".";
  if (!is_folder(folder)) return "";
  for (const DirectoryEntry& entry : disk().list(folder)) {
    if (differ_in_unicode_form(entry.name, name)) return entry.name;
  }
  return "";
}

// Advice on why a picture may be missing.
std::string advice_for(const std::string& path, const fs::path& folder) {
  const std::string before = (folder / "").string();
  const std::string written = path.substr(path.starts_with(before) ? before.size() : 0);
  // Checked before URLs: backslashes have become "/", and "C:\\a" may have two.
  if (written.size() > 2 && written[1] == ':' && (written[2] == '\\' || written[2] == '/'))
    return "these are paths of a Windows machine: write paths relative to the table's folder";
  if (written.find("://") != std::string::npos)
    return "write paths, not URLs: download the pictures and name the files";
  if (written.starts_with('~')) return "\"~\" is not expanded: write the whole path";
  if (written.starts_with('\'')) return "quote fields by \" instead of '";
  if (const std::string name = name_in_other_form(path); !name.empty())
    return "the folder has \"" + escape_non_ascii(name) + "\", and the table \"" +
           escape_non_ascii(fs::path(path).filename().string()) +
           "\": the same letters as composed and as decomposed characters; use one form for both";
  for (const char* ending : {".jpg", ".jpeg", ".png"}) {
    if (is_file(path + ending))
      return "write the names with their ending, \"" + shorten(written) + ending + "\"";
  }
  return "paths are relative to the table's folder";
}

void require_files(const Labels& labels) {
  std::vector<std::string> missing;
  std::string advice;
  for (const LabelRow& row : labels.rows) {
    if (is_file(row.path)) continue;
    if (missing.empty()) advice = advice_for(row.path, labels.table.parent_path());
    missing.push_back(shown_path(row) + " (" + line_of(row) + (is_folder(row.path) ? ", a folder)" : ")"));
  }
  if (missing.empty()) return;
  throw Error(labels.table.string(),
              (missing.size() == 1 ? "1 of its pictures is"
                                   : std::to_string(missing.size()) + " of its pictures are") +
                  " missing: " + shorten_list(missing),
              advice);
}

void warn_of_blanks(const fs::path& table, const std::vector<std::size_t>& lines,
                    std::vector<std::string>& warnings) {
  if (lines.empty()) return;
  warnings.push_back(table.string() + ": blanks around " + counted(lines.size(), "label") +
                     " are removed (line " + std::to_string(lines.front()) +
                     (lines.size() == 1 ? ")" : ", …)"));
}

// Words that programs write for a missing value.
bool reads_missing(const std::string& label) {
  constexpr std::array<std::string_view, 5> words = {"nan", "null", "n/a", "<na>", "#n/a"};
  return std::find(words.begin(), words.end(), to_lower_ascii(label)) != words.end();
}

void warn_of_missing(Labels& labels) {
  if (labels.kind == LabelKind::number) return;
  const auto is_missing = [](const LabelRow& row) { return reads_missing(row.label); };
  const auto first = std::find_if(labels.rows.begin(), labels.rows.end(), is_missing);
  if (first == labels.rows.end()) return;
  const auto count = std::count_if(labels.rows.begin(), labels.rows.end(), is_missing);
  labels.warnings.push_back(labels.table.string() + ": the label \"" + first->label + "\" (" +
                            line_of(*first) + (count == 1 ? "" : ", …") +
                            ") is read as a class; remove the rows if it marks missing labels");
}

// Warns of numbers, each of which becomes a class.
void warn_of_numbers(Labels& labels) {
  const bool fractions = std::any_of(labels.rows.begin(), labels.rows.end(), [](const LabelRow& row) {
    return row.label.find('.') != std::string::npos;
  });
  if (labels.may_be_numbers && fractions)
    labels.warnings.push_back(
        labels.table.string() +
        ": the labels are numbers, and each is read as a class; `labels` number predicts "
        "a number");
}

// "ants;wild" beside "ants".
bool has_other_separator(const std::string& name, const std::set<std::string>& all) {
  return std::any_of(other_separators.begin(), other_separators.end(), [&](char separator) {
    const auto parts = split(name, separator);
    return parts.size() > 1 && std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
             return all.contains(trimmed(part));
           });
  });
}

// Warns of the first label that may be several classes in another form than with "|".
void warn_of_lists(Labels& labels) {
  std::set<std::string> all;
  for (const LabelRow& row : labels.rows) {
    const auto names = classes_of_label(row.label, labels.kind);
    all.insert(names.begin(), names.end());
  }
  for (const LabelRow& row : labels.rows) {
    for (const std::string& name : classes_of_label(row.label, labels.kind)) {
      const std::string bars = list_as_bars(name);
      if (bars.empty() && !has_other_separator(name, all)) continue;
      labels.warnings.push_back(labels.table.string() + ": the label \"" + shorten(name) + "\" (" +
                                line_of(row) + ") is read as one class; " +
                                (bars.empty() ? "put \"|\" between classes if a picture has several"
                                              : "write " + shorten(bars) + " if it is a list of classes"));
      return;
    }
  }
}

}  // namespace

std::vector<std::string> classes_of_label(const std::string& label, LabelKind kind) {
  if (kind == LabelKind::number) return {};
  if (kind != LabelKind::multi) return {label};
  return label.empty() ? std::vector<std::string>() : split(label, '|');
}

std::string list_as_bars(const std::string& label) {
  const std::size_t size = label.size();
  const bool has_quotes = label.find_first_of("'\"") != std::string::npos;
  const auto is_between = [&](char first, char last) {
    return size > 1 && label.front() == first && label.back() == last;
  };
  if (!is_between('[', ']') && !(has_quotes && (is_between('(', ')') || is_between('{', '}')))) return "";
  const std::string inside = label.substr(1, size - 2);
  std::vector<std::string> classes;
  if (!has_quotes) {
    for (const std::string& part : split(inside, ',')) classes.push_back(trimmed(part));
  }
  for (std::size_t open = inside.find_first_of("'\""); open != std::string::npos;) {
    const std::size_t close = inside.find(inside[open], open + 1);
    if (close == std::string::npos) return "";
    classes.push_back(inside.substr(open + 1, close - open - 1));
    open = inside.find_first_of("'\"", close + 1);
  }
  return join(classes, "|");
}

bool is_number(const std::string& label) { return read_number(label).error == std::errc(); }

bool is_label_table(const fs::path& path) {
  const std::string ending = to_lower_ascii(path.extension().string());
  if (ending != ".csv" && ending != ".tsv" && ending != ".txt") return false;
  return !is_folder(path);
}

Labels read_labels(const fs::path& table, LabelKind kind, bool leave_out_missing,
                   const std::string& number_name) {
  if (!disk().info(table)) throw Error(table.string(), "there is no such file", "check the path");
  const std::vector<std::uint8_t> bytes = disk().read(table, max_table_bytes);
  CsvReader reader({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, table.string());
  find_header(reader);
  std::vector<std::string> fields;
  if (!reader.next(fields))
    throw Error(table.string(), "is empty", "begin it with the line path,label or path,label,split");
  Labels labels;
  labels.table = table;
  const std::vector<std::string> header = fields;
  const LabelColumns columns =
      label_columns(header, reader.where(), labels.warnings, kind, number_name, next_fields(reader));
  labels.has_split = columns.split != LabelColumns::no_column;
  labels.column = trimmed(header[columns.label]);
  if (kind == LabelKind::number) check_number_name(labels.column, reader.where());
  const std::string header_line = reader.where();
  UnusedColumns unused(header, columns);
  std::vector<LabelRow> rows;
  while (reader.next(fields)) {
    rows.push_back(row_of(fields, columns, reader, table.parent_path()));
    unused.add(fields, rows.back().part, reader.where());
  }
  unused.warn(header_line, labels.warnings);
  labels.kind = kind != LabelKind::automatic ? kind
                : has_several(rows)          ? LabelKind::multi
                                             : LabelKind::single;
  if (labels.kind == LabelKind::number) require_numbers(rows, labels, number_name);
  const bool bars = labels.kind == LabelKind::single && has_several(rows);
  DistinctRows distinct(labels);
  std::vector<std::size_t> lines_with_blanks;
  for (LabelRow& row : rows) {
    const std::string where = table.string() + ":" + std::to_string(row.line);
    if (has_outer_blanks(row.label, labels.kind)) lines_with_blanks.push_back(row.line);
    row.label = trimmed(row.label);
    for (const std::string& name : classes_of_label(row.label, labels.kind))
      check_class(trimmed(name), row.label, where, bars);
    row.label = spelled(row.label, labels.kind, where);
    distinct.add(std::move(row), where);
  }
  distinct.warn();
  labels.may_be_numbers = kind == LabelKind::automatic && labels.kind == LabelKind::single &&
                          std::all_of(labels.rows.begin(), labels.rows.end(),
                                      [](const LabelRow& row) { return is_number(row.label); });
  warn_of_blanks(table, lines_with_blanks, labels.warnings);
  warn_of_missing(labels);
  warn_of_lists(labels);
  warn_of_numbers(labels);
  if (labels.rows.empty()) throw Error(table.string(), "names no pictures", "add a row for each picture");
  if (leave_out_missing) {
    std::erase_if(labels.rows, [](const LabelRow& row) { return !is_file(row.path); });
  } else {
    require_files(labels);
  }
  return labels;
}

}  // namespace graft
