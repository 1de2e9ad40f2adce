// Labels from a table instead of folders: a CSV file with the columns `path` and `label` and an optional
// column `split` (train, val or test). Other columns are ignored. A label is a class, any number of classes
// separated by "|" (none if it is empty), or a number (LabelKind). Also accepted: tabs and semicolons as
// separators, other common column names, blanks around fields, and backslashes in paths (label_columns.h,
// docs/data.md).
//
//   path,label,split
//   pictures/0001.jpg,ants,train
//   /elsewhere/0002.jpg,bees,val
//
// Internal: open_data_set and open_evaluation_folder (folder.h) accept such a file wherever they accept a
// folder.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/data/label_columns.h"

namespace graft {

struct LabelRow {
  std::string path;   // joined to the table's folder unless absolute
  std::string label;  // canonical: classes in byte order, a number as csv_number() writes it
  DataPart part = DataPart::train;
  std::size_t line = 0;
};

struct Labels {
  std::filesystem::path table;
  std::string column;  // the name of the label column
  bool has_split = false;
  LabelKind kind = LabelKind::single;  // never automatic
  bool may_be_numbers = false;         // read as classes by default, but each is a valid number
  std::vector<LabelRow> rows;
  std::vector<std::string> warnings;
};

// Whether the path is a file, or does not exist, and ends in .csv, .tsv or .txt (any case).
bool is_label_table(const std::filesystem::path& path);

// Reads the table. Throws Error, which names file:line, for a missing column, a row with more fields than the
// header, an empty path, a class that is empty (for kind multi the whole label may be), is not UTF-8 or
// contains a control character; a column such as is_train that contradicts the split; for kind number, a
// label that is not a finite number or an invalid name of the column; a picture with two labels or in two
// parts, under any paths and links; and one Error for all missing pictures. Warns of a duplicate row, which
// is used once; blanks around a label, which are removed; a column that is read under another name, or is not
// read but may be meant (UnusedColumns); and a label that may be a list of classes. `leave_out_missing`:
// skips rows of missing pictures instead of throwing. `number_name`: the preferred name of a number's column.
Labels read_labels(const std::filesystem::path& table, LabelKind kind = LabelKind::automatic,
                   bool leave_out_missing = false, const std::string& number_name = "");

// Whether the whole label is a number.
bool is_number(const std::string& label);

// The classes of a label: itself; for kind multi, the parts between "|"; for kind number, none.
std::vector<std::string> classes_of_label(const std::string& label, LabelKind kind);

// The classes of a list as Python, NumPy or JSON write it, joined by "|": "ants|bees" for "['ants', 'bees']".
// Empty if the label is no such list, or an empty one.
std::string list_as_bars(const std::string& label);

// open_data_set and open_evaluation_folder for a table. The samples are in byte order of their labels and
// paths, whatever the order of the rows. The classes are the labels of the training rows; for numbers, the
// one class is the name of their column.
TrainingData open_labelled_data_set(const std::filesystem::path& table, const DataOptions& options,
                                    bool leave_out_missing = false);
EvaluationFolder open_labelled_evaluation(const std::filesystem::path& table,
                                          const std::vector<std::string>& classes,
                                          std::vector<std::string>& warnings, LabelKind kind,
                                          EvaluationPart part);

}  // namespace graft
