// Finds the columns of a table of labels (path, label, split) and its separator. Internal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "graft/core/csv.h"
#include "graft/metrics/outcomes.h"

namespace graft {

// Positions in the header; no_column if the table lacks the column.
struct LabelColumns {
  static constexpr std::size_t no_column = static_cast<std::size_t>(-1);

  std::size_t path = no_column, label = no_column, split = no_column;
  bool split_is_valid = false;  // `split` is fastai's is_valid: true for validation, false for training
  std::size_t count = 0;        // fields of the header
};

// Skips lines before the header (lines that begin with "#", and Excel's "sep=;"), and sets the separator: the
// one of comma, tab and semicolon with which the header has a path and a label column; else the comma.
void find_header(CsvReader& reader);

// Names are compared without case and surrounding blanks. path, label and split may have another common name
// (image, filename, class, target, …) if only one column has such a name. A label of kind number is the
// column `number_name` if there is one; if no other column is left, it may have any name, except that of a
// number other than `number_name`. Appends to `warnings` the columns that are read under another name, and a
// column that looks like a split and is not read. Throws Error, which names `where`, the header's line, for a
// column that is missing, ambiguous, or another number. `first_row`, used for advice, has the fields of the
// first record, or none.
LabelColumns label_columns(const std::vector<std::string>& header, const std::string& where,
                           std::vector<std::string>& warnings, LabelKind kind = LabelKind::automatic,
                           const std::string& number_name = "",
                           const std::vector<std::string>& first_row = {});

// `text` without blanks at both ends, including Unicode blanks, tabs, line ends and no-break spaces.
std::string trimmed(std::string_view text);

}  // namespace graft
