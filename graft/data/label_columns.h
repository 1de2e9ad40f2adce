// Which columns of a table of labels hold the path, the label and the part, and what separates them.
// Internal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "graft/core/csv.h"
#include "graft/metrics/label_kind.h"

namespace graft {

// Positions in the header; no_column where the table lacks one.
struct LabelColumns {
  static constexpr std::size_t no_column = static_cast<std::size_t>(-1);

  std::size_t path = no_column, label = no_column, split = no_column;
  bool split_is_valid = false;  // `split` is fastai's is_valid: true for validation, false for training
  std::size_t count = 0;        // fields of the header
};

// Passes over what stands before the header (lines that begin with "#", and "sep=;", which Excel writes), and
// sets the separator: the one of comma, tab and semicolon by which the header names a path and a label; else
// the comma.
void find_header(CsvReader& reader);

// Names are compared without regard to case and surrounding blanks. path, label and split may also be called
// by another usual name (image, filename, class, target, …), where one column alone has such a name. A label
// of kind number is the column `number_name`, where there is one; it may have any name where no other column
// is left, but not that of another number than `number_name`. Appends to `warnings` what is read under
// another name, and a column that looks like a split and is not read. Throws Error that names `where`, the
// header's line: a column that is missing, or may be one of two, or is of another number. `first_row` is what
// advice goes by: the fields of the first record, or none.
LabelColumns label_columns(const std::vector<std::string>& header, const std::string& where,
                           std::vector<std::string>& warnings, LabelKind kind = LabelKind::automatic,
                           const std::string& number_name = "",
                           const std::vector<std::string>& first_row = {});

// Without the blanks at both ends: those of other scripts, tabs, line ends and no-break spaces too.
std::string trimmed(std::string_view text);

}  // namespace graft
