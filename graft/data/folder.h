// The source of labelled samples, and a folder of class folders, as torchvision.datasets.ImageFolder, with
// classes matched by name. Differences from torchvision: names that begin with a dot (.git,
// .ipynb_checkpoints, macOS's ._x.jpg) are neither classes nor pictures; a link to a parent folder is not
// followed; a folder that cannot be opened is an Error and not skipped; a run folder (run_mark.h) is neither
// a class nor a source of pictures.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graft/core/option.h"
#include "graft/metrics/outcomes.h"

namespace graft {

class Dataset;  // graft/data/dataset.h

// A program's own Datasets. Opened data keeps them alive.
struct OwnData {
  // Null if absent. Training uses `train` and `val`, which is split off `train` if it is null. Evaluation
  // uses one part, as for folders: `val`, else `test`, else `train`.
  std::shared_ptr<const Dataset> train = nullptr, val = nullptr, test = nullptr;
  // By the index used in targets; for numbers, one name: that of the number. A model is evaluated on them by
  // the names of its classes.
  std::vector<std::string> classes = {};
  std::string name = "own data";  // shown in the run's record and report
};

// Where the labelled samples of a request are: in a folder, in a table of labels, or in a program.
struct DataSource {
  DataSource() = default;
  // A folder or a table of labels, as for open_data_set() (folder.h).
  DataSource(std::string file) : path(std::move(file)) {}
  DataSource(const char* file) : path(file) {}
  DataSource(const std::filesystem::path& file) : path(file.string()) {}
  DataSource(OwnData data) : path(data.name), own(std::make_shared<const OwnData>(std::move(data))) {}

  bool is_missing() const { return path.empty() && own == nullptr; }

  std::string path;                              // for own data, their name
  std::shared_ptr<const OwnData> own = nullptr;  // null: files
};

struct Sample {
  std::string path;                 // of the file, or the name of a Dataset's sample
  std::int64_t label = 0;           // an index, defined by Folder::kind()
  const Dataset* source = nullptr;  // if not a file: the Dataset, and the index in it
  std::uint32_t index = 0;
};

// The classes of each label, each set ascending and without duplicates. Every combination that occurs is one
// label, so that code that only moves labels does not depend on sets.
using ClassSets = std::vector<std::vector<std::int64_t>>;

// Files that were found and ignored.
struct Ignored {
  std::int64_t count = 0;         // files
  std::string first;              // path of the first one
  std::vector<std::string> runs;  // run folders with their contents

  void add(const std::string& path);
};

struct Folder {
  std::filesystem::path root;
  std::vector<std::string> classes;  // in byte order of their names
  // By class; within a class in torchvision's order: folders in byte order of their whole paths, and in each
  // folder the pictures in byte order of their names.
  std::vector<Sample> samples;
  // Files that are not hidden and do not have a picture's ending; and files with a picture's ending that are
  // hidden, in a hidden folder, in no class folder, or not regular files (a pipe, a broken link).
  Ignored ignored;

  ClassSets class_sets{};  // for kind multi, by label; else empty
  // For kind number, by label; else empty. Every number that occurs is one label. `classes` then has one
  // name, that of the number.
  std::vector<double> numbers{};
  std::vector<std::shared_ptr<const Dataset>> sources{};  // keep the samples' Datasets alive; none for files
  std::filesystem::path table{};                          // of the labels; empty if there is none

  // The meaning of a sample's label: single: the classes; multi: the class sets; number: the numbers.
  LabelKind kind() const;
  std::size_t num_labels() const;
  // The name of each label: the class's name, the names of a set joined by "|", or the number.
  std::vector<std::string> label_names() const;
  // The number of pictures of each class, or with each number.
  std::vector<std::int64_t> count_per_class() const;
};

// Converts labels to the kind that a model predicts: from single to multi, each class becomes the set of
// itself. Throws Error if the labels cannot be converted.
void convert_labels(Folder& folder, LabelKind kind);

// Whether the name has an ending of torchvision's IMG_EXTENSIONS: .jpg .jpeg .png .ppm .bmp .pgm .tif .tiff
// .webp, in any case.
bool has_image_extension(const std::string& name);
// The endings in a sentence for an Error's advice.
std::string picture_endings();

// The classes of a folder: the names of its sub-folders (links to folders too), in byte order, except hidden
// ones, run folders, and a folder "runs" that contains only run folders. Throws Error if `root` cannot be
// listed.
std::vector<std::string> list_classes(const std::filesystem::path& root);

// Lists the pictures under root/CLASS/** for each of `classes`; follows links, but not loops. A class without
// a folder has no samples. Throws Error if root does not exist.
Folder list_folder(const std::filesystem::path& root, const std::vector<std::string>& classes);

// The pictures under `path` (including sub-folders, without hidden names) in byte order of their paths, or
// `path` itself if it is a file, whatever its name. With `runs`, run folders below `path` are not entered and
// are appended to it. Throws Error if it does not exist or has no picture.
std::vector<std::string> list_pictures(const std::filesystem::path& path,
                                       std::vector<std::string>* runs = nullptr);

struct TrainingData {
  // With the same classes, class sets and numbers. `val` has no samples in the final training of a
  // cross-validation; `test`, which training does not use, has none if there are no test pictures.
  Folder train, val, test{};
  bool split = false;                 // val was split off train by `val_fraction`
  bool test_split = false;            // test was split off train by `test_fraction`
  bool folded = false;                // train and val are parts of a cross-validation
  std::vector<std::string> warnings;  // an empty class, a class missing from val/, ignored files …
};

struct DataOptions {
  double val_fraction = 0.2;  // of each class, if the data has no val/
  double test_fraction = 0;   // of each class, if the data has no test/
  std::uint64_t split_seed = 0;
  int folds = 0;    // K of a cross-validation; 0: none
  int repeats = 1;  // cross-validations, each with its own folds
  int fold = 0;     // 1 to folds · repeats: this held-out part only; 0: all of them, then a final model
  LabelKind labels = LabelKind::automatic;
};
inline constexpr auto data_options = options_of<DataOptions>(
    option<&DataOptions::val_fraction>(0.001, 0.999,
                                       "fraction of each class used for validation if there is no val/"),
    option<&DataOptions::test_fraction>(
        0, 0.9,
        "fraction of each class that is kept for a test of the final model, if there is no test/; 0: none"),
    option<&DataOptions::split_seed>("seed of these splits, and of folds"),
    option<&DataOptions::folds>(
        0, 1000,
        "cross-validation: train as many models as this, each on the pictures of all folds but one, and then "
        "the final model on all pictures; 0: no cross-validation"),
    option<&DataOptions::repeats>(1, 1000, "cross-validations, each with other folds"),
    option<&DataOptions::fold>(
        0, 1'000'000,
        "train only the model that holds out this fold, 1 to `folds` times `repeats`; 0: all of them"),
    option<&DataOptions::labels>(
        "labels of a table: single: one class per picture; multi: any number, with bars "
        "between them; number: a number to predict; auto: multi if a label has a "
        "bar, else single"));

// Opens a dataset for training: a program's own Datasets, or a folder or table by its path, which contains
//   train/ and val/    – folders of class folders (also training/, Valid/, validation/ and similar names);
//   train/ alone       – val is split off it;
//   the class folders  – val is split off them;
//   one folder, or images/, that contains one of these;
// or is a table of labels, a .csv, .tsv or .txt file (labels.h): val is its rows of that split, or split off.
// TrainingData::test is test/, the rows of that split, or a part of each class (`test_fraction`). A test/
// without class folders is not used, with a warning. With `folds`, training and validation pictures together
// are divided into folds with about equal shares of each class; a class of one picture is never held out.
// The classes are those of the training part; val's labels are matched by name. A class that val lacks, or
// that is empty in it, is a warning and does not shift other labels. Throws Error if there is nothing to
// open, for a single class, a class without training pictures, no validation pictures, a class in val/ that
// train/ lacks, and a class name that is not UTF-8; for Datasets also for a target that is not a class, an
// empty or duplicate name, and targets of several kinds. Throws UsageError for options out of range.
TrainingData open_data_set(const DataSource& source, const DataOptions& options = {});

// The part of labelled pictures to evaluate. automatic: val if there are parts, test if there is no val, all
// if there are no parts.
enum class EvaluationPart { automatic, train, val, test, all };
template <>
struct EnumNames<EvaluationPart> {
  static constexpr std::array<const char*, 5> names = {"auto", "train", "val", "test", "all"};
};

struct EvaluationFolder : Folder {
  EvaluationPart part = EvaluationPart::all;  // the part opened; never automatic
};

// Opens labelled pictures for evaluation: a folder with val/ or class folders; a table of labels, of which
// the rows of split val are used, or all if it has no splits; or Datasets (OwnData). `part` selects another
// part. If `classes` (a model's) is not empty, labels are matched to it by name, and a class folder that it
// lacks is an Error; otherwise the classes are the folder's. `labels`: the kind of a table's labels. Throws
// Error if there are no pictures. Appends to `warnings`.
EvaluationFolder open_evaluation_folder(const DataSource& source, const std::vector<std::string>& classes,
                                        std::vector<std::string>& warnings,
                                        LabelKind labels = LabelKind::automatic,
                                        EvaluationPart part = EvaluationPart::automatic);

}  // namespace graft
