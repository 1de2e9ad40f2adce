// Finds the columns of a table of labels (path, label, split) and its separator. Internal.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graft/core/csv.h"
#include "graft/metrics/outcomes.h"

namespace graft {

// The part of a dataset that a row belongs to.
enum class DataPart { train, val, test };

// "train", "val" or "test".
const char* name_of(DataPart part);

// Positions in the header; no_column if the table lacks the column.
struct LabelColumns {
  static constexpr std::size_t no_column = static_cast<std::size_t>(-1);

  std::size_t path = no_column, label = no_column, split = no_column;
  bool split_is_valid = false;  // `split` is fastai's is_valid: true for validation, false for training
  std::size_t count = 0;        // fields of the header
};

// Whether numbers with these names, of a model and of a column, may be the same: the names are equal without
// case and surrounding blanks, or one of them is empty or generic, such as "label".
bool may_be_same_number(const std::string& a, const std::string& b);

// Skips lines before the header (lines that begin with "#", and Excel's "sep=;"), and sets the separator: the
// one of comma, tab and semicolon with which the header has a path and a label column; else the one with
// which it has a path and another column; else the comma.
void find_header(CsvReader& reader);

// Names are compared without case and surrounding blanks. path, label and split may have another common name
// (image, filename, class, target, …) if only one column has such a name. A label of kind number is the
// column `number_name` if there is one; if no other column is left, it may have any name, except that of a
// number other than `number_name`. Appends to `warnings` the columns that are read under another name. Throws
// Error, which names `where`, the header's line, for a column that is missing, ambiguous, or another number.
// `first_row`, used for advice, has the fields of the first record, or none.
LabelColumns label_columns(const std::vector<std::string>& header, const std::string& where,
                           std::vector<std::string>& warnings, LabelKind kind = LabelKind::automatic,
                           const std::string& number_name = "",
                           const std::vector<std::string>& first_row = {});

// The columns that are not read although they may be meant: those that may be a split, by their name or
// because all their values are names of splits, and those that have another name for the path or the label.
//
//   UnusedColumns unused(header, columns);
//   while (reader.next(fields)) unused.add(fields, part, reader.where());
//   unused.warn(where_of_header, warnings);
class UnusedColumns {
 public:
  UnusedColumns(const std::vector<std::string>& header, const LabelColumns& columns);

  // A row that is in `part`. Throws Error, which names `where`, if the table has a split that is_train,
  // is_valid, is_val or is_test contradicts.
  void add(const std::vector<std::string>& fields, DataPart part, const std::string& where);
  void warn(const std::string& where, std::vector<std::string>& warnings) const;

 private:
  struct Column {
    std::size_t position = 0;
    std::string name;  // quoted, for messages
    // The path or the label, if this is another name for it.
    std::size_t instead = LabelColumns::no_column;
    bool like_split = false;                    // by its name
    std::optional<DataPart> flag = {};          // of is_train and similar names: the part that it marks
    bool all_splits = true, any_split = false;  // its values are names of splits
    // In a row: from the column that is read instead, or, as a split, from the row's part.
    bool differs = false, other_split = false;
  };

  void add(Column& column, const std::vector<std::string>& fields, DataPart part, const std::string& where);

  std::vector<std::string> header_;
  LabelColumns columns_;
  std::vector<Column> unused_;
};

// The part that a split's name means (train, training, val, valid, validation, dev, test, testing; in any
// case, with blanks around it); none for another word.
std::optional<DataPart> part_of_name(std::string_view name);
// true, false, 1 or 0, likewise.
std::optional<bool> flag_of(std::string_view text);

}  // namespace graft
