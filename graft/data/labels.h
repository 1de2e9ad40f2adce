// Labels out of a table in place of folders: a CSV file with the columns `path` and `label` and, where the
// table itself says which part a picture is for, `split` (train, val or test). Other columns are passed over.
// A label is a class, any number of classes with "|" between them (none where it is empty), or a number
// (LabelKind). Tabs and semicolons as separators, other usual names of the columns, blanks around fields and
// Windows' backslashes are understood (label_columns.h, docs/data.md).
//
//   path,label,split
//   pictures/0001.jpg,ants,train
//   /elsewhere/0002.jpg,bees,val
//
// Internal: open_data_set and open_evaluation_folder (folder.h) take such a file wherever they take a folder.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "graft/data/folder.h"

namespace graft {

enum class DataPart { train, val, test };

// "train", "val" or "test".
const char* name_of(DataPart part);

struct LabelRow {
  std::string path;   // joined to the table's folder, unless it is absolute
  std::string label;  // in one spelling: classes in byte order, a number as csv_number() writes it
  DataPart part = DataPart::train;
  std::size_t line = 0;
};

struct Labels {
  std::filesystem::path table;
  std::string column;  // the name of that of the labels
  bool has_split = false;
  LabelKind kind = LabelKind::single;  // never automatic
  bool may_be_numbers = false;         // they are taken as classes by default, and each reads as a number
  std::vector<LabelRow> rows;
  std::vector<std::string> warnings;
};

// A file, or nothing yet, whose name ends in .csv, .tsv or .txt (any case).
bool is_label_table(const std::filesystem::path& path);

// Reads the table. Throws Error that names file:line: a column that is missing, a row with more fields than
// the header, an empty path, a class that is empty (of kind multi a whole label may be), is not UTF-8 or
// holds a control character; where numbers are asked for, what is no finite number, and a name of their
// column that is none; a picture that has two labels or is in two parts, whatever paths and links lead to it;
// and one Error for all pictures that are not there. Warnings: a row that is there twice, which is taken
// once; blanks around a label, which are removed; a column that is read under another name.
// `leave_out_missing`: rows of pictures that are not there are left out in place of the Error. `number_name`:
// the column of a number, where there is one of this name.
Labels read_labels(const std::filesystem::path& table, LabelKind kind = LabelKind::automatic,
                   bool leave_out_missing = false, const std::string& number_name = "");

// Whether the whole of a label reads as a number.
bool is_number(const std::string& label);

// The classes of a label: itself, the parts between "|" of kind multi, none of kind number.
std::vector<std::string> classes_of_label(const std::string& label, LabelKind kind);

// What open_data_set and open_evaluation_folder do with a table. The samples are in byte order of their
// labels and paths, whatever the order of the rows. Classes are the labels of the training rows; of numbers
// the one class is the name of their column.
TrainingData open_labelled_data_set(const std::filesystem::path& table, const DataOptions& options,
                                    bool leave_out_missing = false);
EvaluationFolder open_labelled_evaluation(const std::filesystem::path& table,
                                          const std::vector<std::string>& classes,
                                          std::vector<std::string>& warnings, LabelKind kind,
                                          EvaluationPart part);

}  // namespace graft
