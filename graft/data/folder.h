// A folder of class folders: torchvision.datasets.ImageFolder, with classes bound by name. Where it differs
// from torchvision: names that begin with a dot (.git, .ipynb_checkpoints, macOS's ._x.jpg) are neither
// classes nor pictures; a linked folder that holds its own link is not entered again; a folder that cannot be
// opened is an Error, not left out; the folder of a training (run_mark.h) is no class and holds no pictures.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/data/data_source.h"
#include "graft/metrics/label_kind.h"

namespace graft {

struct Sample {
  std::string path;                 // of the file; of a program's own Dataset the sample's name
  std::int64_t label = 0;           // what the picture shows: an index, as Folder says (kind())
  const Dataset* source = nullptr;  // where it is not a file: whose sample it is, and its number there
  std::uint32_t index = 0;
};

// Which classes a label stands for, each set in ascending order, none there twice. Every combination that
// occurs is a label of its own, so that whatever moves labels about need not know of sets.
using ClassSets = std::vector<std::vector<std::int64_t>>;

// What was seen and left out.
struct Ignored {
  std::int64_t count = 0;         // files
  std::string first;              // path of the first one
  std::vector<std::string> runs;  // run folders, with all that is in them

  void add(const std::string& path);
};

struct Folder {
  std::filesystem::path root;
  std::vector<std::string> classes;  // in byte order of their names
  // By class; in a class as torchvision lists them: folders in byte order of their whole paths, in each
  // folder the pictures in byte order of their names.
  std::vector<Sample> samples;
  // Files that are not hidden and not pictures by their ending; and pictures by their ending that are hidden,
  // lie in a hidden folder or in no class folder, or are no regular files (a pipe, a link to nothing).
  Ignored ignored;

  ClassSets class_sets{};  // of kind multi, by label; else empty
  // Of kind number, by label; else empty. Every number that occurs is a label of its own. `classes` then has
  // one name, that of the number.
  std::vector<double> numbers{};
  std::vector<std::shared_ptr<const Dataset>> sources{};  // keep the samples' Datasets alive; none for files

  // What a sample's label is an index into: single: the classes; multi: the class sets; number: the numbers.
  LabelKind kind() const;
  std::size_t num_labels() const;
  // What each label is called: the class's name, the names of a set joined by "|", or the number.
  std::vector<std::string> label_names() const;
  // Pictures that show the class, or have the number.
  std::vector<std::int64_t> count_per_class() const;
};

// The same pictures with labels of the kind that a model has learned: of single for multi each class becomes
// the set of itself. Throws Error where labels of the one cannot be read as the other.
void convert_labels(Folder& folder, LabelKind kind);

// Whether the name ends as torchvision's IMG_EXTENSIONS: .jpg .jpeg .png .ppm .bmp .pgm .tif .tiff .webp, any
// case.
bool has_image_extension(const std::string& name);
// The same as a sentence for an Error's advice.
std::string picture_endings();

// The classes of a folder: names of its sub-folders (links to folders too), in byte order; left out are
// hidden ones, run folders, and one named "runs" that holds nothing but run folders. Throws Error when `root`
// cannot be listed.
std::vector<std::string> list_classes(const std::filesystem::path& root);

// Lists the pictures under root/CLASS/** for each of `classes`; links are followed, loops are not. A class
// whose folder is missing has no samples. Throws Error when root is missing.
Folder list_folder(const std::filesystem::path& root, const std::vector<std::string>& classes);

// The pictures under `path` (sub-folders included, hidden names left out) in byte order of their paths, or
// `path` itself where it is a file, whatever its name. Throws Error where there is nothing, or no picture.
std::vector<std::string> list_pictures(const std::filesystem::path& path);

struct TrainingData {
  Folder train, val;                  // of the same classes, class sets and numbers
  bool split = false;                 // val was split off train by `val_fraction`
  std::vector<std::string> warnings;  // an empty class, a class missing from val/, ignored files …
};

struct DataOptions {
  double val_fraction = 0.2;  // of each class, where the data has no val/
  std::uint64_t split_seed = 0;
  LabelKind labels = LabelKind::automatic;
};
inline constexpr auto data_options = options_of<DataOptions>(
    option<&DataOptions::val_fraction>(0.001, 0.999,
                                       "share of each class kept for validation where there is no val/"),
    option<&DataOptions::split_seed>("decides which pictures these are"),
    option<&DataOptions::labels>("of a table: single: one class a picture; multi: any number, with bars "
                                 "between them; number: a number to predict; auto: multi where a label has a "
                                 "bar, else single"));

// Opens a data set for training: a program's own Datasets, or a folder or table by its path, which holds
//   train/ and val/    – folders of class folders (training/, Valid/, validation/ and such will do);
//   train/ alone       – val is split off it;
//   the class folders  – val is split off them;
//   one folder, or images/, that holds one of these;
// or is itself a table of labels, a .csv, .tsv or .txt file (labels.h): val is its rows of that split, or
// split off. Pictures of test/ or of that split are not used, which is a warning.
// Classes are those of the training part, and val's are bound to them by name: one that val lacks, or that is
// empty there, shifts nothing and is a warning. Throws Error: nothing there, one class only, a class without
// pictures to learn from, no pictures to validate on, a class in val/ that train/ does not have, a class
// whose name is not UTF-8; of Datasets also a target that is no class, an empty name or one that two samples
// have, and targets of several kinds. Throws UsageError for options out of range.
TrainingData open_data_set(const DataSource& source, const DataOptions& options = {});

// Which part of labelled pictures is evaluated. automatic: val where there are parts, test where there is no
// val, all where there are no parts.
enum class EvaluationPart { automatic, train, val, test, all };
template <>
struct EnumNames<EvaluationPart> {
  static constexpr std::array<const char*, 5> names = {"auto", "train", "val", "test", "all"};
};

struct EvaluationFolder : Folder {
  EvaluationPart part = EvaluationPart::all;  // which it is; never automatic
};

// Opens labelled pictures for evaluation: a folder that holds val/ or the class folders, or a table of
// labels, of which the rows of split val are taken, or all where it has no splits; or Datasets (OwnData).
// `part` asks for another part. With `classes` given (a model's), labels follow them by name, and a class
// folder that is not among them is an Error; without, the classes are the folder's own. `labels`: of a table.
// Throws Error where there are no pictures. Appends to `warnings`.
EvaluationFolder open_evaluation_folder(const DataSource& source, const std::vector<std::string>& classes,
                                        std::vector<std::string>& warnings,
                                        LabelKind labels = LabelKind::automatic,
                                        EvaluationPart part = EvaluationPart::automatic);

}  // namespace graft
