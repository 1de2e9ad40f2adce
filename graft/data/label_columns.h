// Which columns of a table of labels hold the path, the label and the part, and what separates them. Internal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace graft {

// Positions in the header; no_column where the table lacks one.
struct LabelColumns {
  static constexpr std::size_t no_column = static_cast<std::size_t>(-1);

  std::size_t path = no_column, label = no_column, split = no_column;
  bool split_is_valid = false;  // `split` is fastai's is_valid: true for validation, false for training
  std::size_t count = 0;        // fields of the header
};

// The separator of a table: that of the line "sep=;", which Excel writes first; else the one of comma, tab and
// semicolon by which the first line names a path and a label; else the comma.
char separator_of(std::string_view text, const std::string& where);
// Whether the table begins with such a line of Excel's.
bool is_separator_line(std::string_view text);

// Names are compared without regard to case and surrounding blanks. path, label and split may also be called
// by another usual name (image, filename, class, target, …), where one column alone has such a name.
// Throws Error that names `where`: a column that is missing, or may be one of two.
LabelColumns label_columns(const std::vector<std::string>& header, const std::string& where);

// Without the blanks, tabs and no-break spaces at both ends.
std::string trimmed(std::string_view text);

}  // namespace graft
