#include "graft/data/labels.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/core/utf8.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_table_bytes = 1ULL << 30;
constexpr std::size_t most_names = 5;  // named in a message
constexpr std::size_t no_column = static_cast<std::size_t>(-1);
constexpr const char* usual_header = "begin it with the line path,label or path,label,split";

// Where the columns stand.
struct Columns {
  std::size_t path = no_column, label = no_column, split = no_column;
};

Columns columns_of(const std::vector<std::string>& header, const std::string& where) {
  Columns columns;
  const std::array<std::pair<const char*, std::size_t*>, 3> known = {
      {{"path", &columns.path}, {"label", &columns.label}, {"split", &columns.split}}};
  for (const auto& [name, column] : known) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (header[i] != name) continue;
      if (*column != no_column) throw Error(where, std::string("has two columns \"") + name + "\"");
      *column = i;
    }
  }
  for (const auto& [name, column] : known) {
    if (*column != no_column || column == &columns.split) continue;
    const bool semicolons = header.size() == 1 && header.front().find(';') != std::string::npos;
    throw Error(where, std::string("has no column \"") + name + "\"",
                semicolons ? "separate the columns by commas, not semicolons" : usual_header);
  }
  return columns;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// A blank that nobody sees would make a class of its own.
void check_class(const std::string& name, const std::string& where) {
  if (name.empty()) throw Error(where, "the label is empty", "fill it in or remove the row");
  if (is_blank(name.front()) || is_blank(name.back())) {
    throw Error(where, "the label \"" + shorten(name) + "\" begins or ends with a blank", "remove the blank");
  }
  if (!is_utf8(name)) throw Error(where, "the label is not UTF-8", "save the table as UTF-8");
}

// One spelling for each set of classes.
std::string in_order(const std::string& label, bool multi) {
  if (!multi) return label;
  std::vector<std::string> parts = classes_of_label(label, multi);
  std::sort(parts.begin(), parts.end());
  parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  return join(parts, "|");
}

DataPart part_of(const std::string& split, const std::string& where) {
  if (split == "train") return DataPart::train;
  if (split == "val") return DataPart::val;
  throw Error(where, "the split \"" + shorten(split) + "\" is neither train nor val",
              "correct it, or remove the row or the column");
}

LabelRow row_of(const std::vector<std::string>& fields, const Columns& columns, const CsvReader& reader,
                const fs::path& folder) {
  const auto field = [&](std::size_t column, const char* name) -> const std::string& {
    if (column < fields.size()) return fields[column];
    throw Error(reader.where(), std::string("ends before the column \"") + name + "\"",
                "give every row as many fields as the first");
  };
  const std::string& path = field(columns.path, "path");
  if (path.empty()) throw Error(reader.where(), "the path is empty", "fill it in or remove the row");
  LabelRow row{(folder / path).string(), field(columns.label, "label"), DataPart::train, reader.line()};
  if (columns.split != no_column) row.part = part_of(field(columns.split, "split"), reader.where());
  return row;
}

std::string shown(const LabelRow& row) { return shorten(row.path, 500); }
std::string line_of(const LabelRow& row) { return "line " + std::to_string(row.line); }

bool has_several(const std::vector<LabelRow>& rows) {
  return std::any_of(rows.begin(), rows.end(),
                     [](const LabelRow& row) { return row.label.find('|') != std::string::npos; });
}

// The rows of different pictures; paths that differ in "./" alone are one.
class DistinctRows {
 public:
  explicit DistinctRows(Labels& labels) : labels_(labels) {}

  void add(LabelRow row, const std::string& where) {
    const auto [found, is_new] =
        seen_.emplace(fs::path(row.path).lexically_normal().string(), labels_.rows.size());
    if (is_new) {
      labels_.rows.push_back(std::move(row));
      return;
    }
    const LabelRow& first = labels_.rows[found->second];
    if (first.label != row.label) {
      throw Error(where,
                  shown(row) + " is \"" + shorten(row.label) + "\" here and \"" + shorten(first.label) +
                      "\" in " + line_of(first),
                  "keep one of the rows");
    }
    if (first.part != row.part) {
      throw Error(where, shown(row) + " is in train and in val (" + line_of(first) + ")",
                  "keep one of the rows");
    }
    if (repeated_++ == 0) first_repeated_ = "line " + std::to_string(row.line);
  }

  void warn() const {
    if (repeated_ == 0) return;
    labels_.warnings.push_back(
        labels_.table.string() + ": " +
        (repeated_ == 1 ? "1 row repeats" : std::to_string(repeated_) + " rows repeat") +
        " an earlier one (" + first_repeated_ + (repeated_ == 1 ? ")" : ", …)"));
  }

 private:
  Labels& labels_;
  std::unordered_map<std::string, std::size_t> seen_;
  std::size_t repeated_ = 0;
  std::string first_repeated_;
};

void require_files(const Labels& labels) {
  std::vector<std::string> missing;
  for (const LabelRow& row : labels.rows) {
    const auto info = disk().info(row.path);
    if (!info || info->kind != FileKind::regular) missing.push_back(shown(row) + " (" + line_of(row) + ")");
  }
  if (missing.empty()) return;
  throw Error(labels.table.string(),
              (missing.size() == 1 ? "1 of its pictures is"
                                   : std::to_string(missing.size()) + " of its pictures are") +
                  " not there: " + shorten_list(missing, most_names),
              "paths are taken from the table's folder");
}

}  // namespace

std::vector<std::string> classes_of_label(const std::string& label, bool multi) {
  if (!multi) return {label};
  return label.empty() ? std::vector<std::string>() : split(label, '|');
}

bool is_label_table(const fs::path& path) {
  if (to_lower_ascii(path.extension().string()) != ".csv") return false;
  const auto info = disk().info(path);
  return !info || info->kind != FileKind::directory;
}

Labels read_labels(const fs::path& table, LabelKind kind) {
  if (!disk().info(table)) throw Error(table.string(), "there is no such file", "check the path");
  const std::vector<std::uint8_t> bytes = disk().read(table, most_table_bytes);
  CsvReader reader({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, table.string());
  std::vector<std::string> fields;
  if (!reader.next(fields)) throw Error(table.string(), "is empty", usual_header);
  const Columns columns = columns_of(fields, reader.where());
  std::vector<LabelRow> rows;
  while (reader.next(fields)) rows.push_back(row_of(fields, columns, reader, table.parent_path()));
  Labels labels{table,
                columns.split != no_column,
                kind == LabelKind::multi || (kind == LabelKind::automatic && has_several(rows)),
                {},
                {}};
  DistinctRows distinct(labels);
  for (LabelRow& row : rows) {
    const std::string where = table.string() + ":" + std::to_string(row.line);
    for (const std::string& name : classes_of_label(row.label, labels.multi)) check_class(name, where);
    row.label = in_order(row.label, labels.multi);
    distinct.add(std::move(row), where);
  }
  distinct.warn();
  if (labels.rows.empty()) throw Error(table.string(), "names no pictures", "add a row for each picture");
  require_files(labels);
  return labels;
}

}  // namespace graft
