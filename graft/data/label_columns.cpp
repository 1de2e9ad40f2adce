#include "graft/data/label_columns.h"

#include <algorithm>
#include <array>
#include <span>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/text.h"

namespace graft {
namespace {

using namespace std::string_view_literals;

constexpr const char* usual_header = "begin it with the line path,label or path,label,split";
constexpr std::size_t max_shown_names = 5;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// The first name is graft's own and wins where others stand beside it.
constexpr std::array path_names = {"path"sv,     "file"sv,      "filename"sv,   "file_name"sv, "filepath"sv,
                                   "file_path"sv, "image"sv,     "image_path"sv, "image_id"sv,  "img"sv,
                                   "picture"sv};
constexpr std::array label_names = {"label"sv,      "labels"sv,   "class"sv,  "class_name"sv,
                                    "classname"sv, "category"sv, "target"sv, "species"sv};
constexpr std::array split_names = {"split"sv, "part"sv, "subset"sv, "set"sv};
constexpr std::array valid_names = {"is_valid"sv};

std::string shown(const std::vector<std::string>& header) {
  std::vector<std::string> names;
  for (const std::string& name : header) names.push_back("\"" + shorten(name) + "\"");
  return shorten_list(names, max_shown_names);
}

// The columns that bear one of the names: those of the first name, where there are such.
std::vector<std::size_t> columns_named(const std::vector<std::string>& header,
                                       std::span<const std::string_view> names) {
  std::vector<std::size_t> own, others;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string name = to_lower_ascii(trimmed(header[i]));
    if (name == names.front()) {
      own.push_back(i);
    } else if (std::find(names.begin(), names.end(), name) != names.end()) {
      others.push_back(i);
    }
  }
  return own.empty() ? others : own;
}

// Position of the column, or no_column.
std::size_t only_column(const std::vector<std::string>& header, std::span<const std::string_view> names,
                        const std::string& where) {
  const auto found = columns_named(header, names);
  if (found.empty()) return LabelColumns::no_column;
  if (found.size() > 1) {
    throw Error(where, "has two columns for the " + std::string(names.front()) + ", \"" +
                           shorten(header[found[0]]) + "\" and \"" + shorten(header[found[1]]) + "\"",
                "name one of them \"" + std::string(names.front()) + "\" and rename the other");
  }
  return found.front();
}

bool names_path_and_label(const std::vector<std::string>& header) {
  return !columns_named(header, path_names).empty() && !columns_named(header, label_names).empty();
}

std::string advice_for_no_label(const std::vector<std::string>& header) {
  return header.size() > 2 ? "write one column label; where a picture is of several classes, join them by |"
                           : usual_header;
}

}  // namespace

std::string trimmed(std::string_view text) {
  constexpr std::string_view no_break_space = "\xC2\xA0";
  for (;;) {
    if (text.starts_with(' ') || text.starts_with('\t')) {
      text.remove_prefix(1);
    } else if (text.starts_with(no_break_space)) {
      text.remove_prefix(no_break_space.size());
    } else if (text.ends_with(' ') || text.ends_with('\t')) {
      text.remove_suffix(1);
    } else if (text.ends_with(no_break_space)) {
      text.remove_suffix(no_break_space.size());
    } else {
      return std::string(text);
    }
  }
}

bool is_separator_line(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text.size() > 5 && text.starts_with("sep=") && (text[5] == '\n' || text[5] == '\r') &&
         std::string_view(",;\t|").find(text[4]) != std::string_view::npos;
}

char separator_of(std::string_view text, const std::string& where) {
  if (is_separator_line(text)) return text[text.find('=') + 1];
  for (const char separator : {',', '\t', ';'}) {
    std::vector<std::string> header;
    try {
      if (CsvReader(text, where, separator).next(header) && names_path_and_label(header)) return separator;
    } catch (const Error&) {  // not by this one
    }
  }
  return ',';
}

LabelColumns label_columns(const std::vector<std::string>& header, const std::string& where) {
  LabelColumns columns;
  columns.count = header.size();
  columns.path = only_column(header, path_names, where);
  columns.label = only_column(header, label_names, where);
  columns.split = only_column(header, split_names, where);
  if (columns.split == LabelColumns::no_column) {
    columns.split = only_column(header, valid_names, where);
    columns.split_is_valid = columns.split != LabelColumns::no_column;
  }
  if (columns.path == LabelColumns::no_column)
    throw Error(where, "has no column \"path\", but " + shown(header), usual_header);
  if (columns.label == LabelColumns::no_column)
    throw Error(where, "has no column \"label\", but " + shown(header), advice_for_no_label(header));
  return columns;
}

}  // namespace graft
