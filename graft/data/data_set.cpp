// open_data_set and open_evaluation_folder: which folders are meant, and whether they will do.
#include <algorithm>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/data/class_names.h"
#include "graft/data/folder.h"
#include "graft/data/labels.h"
#include "graft/data/validation_part.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_names = 5;  // named in a message

bool is_folder(const fs::path& path) {
  const auto info = disk().info(path);
  return info && info->kind == FileKind::directory;
}

void require_folder(const fs::path& root) {
  if (is_folder(root)) return;
  if (disk().info(root))
    throw Error(root.string(), "is not a folder", "name the folder that holds train/ and val/, or a .csv");
  throw Error(root.string(), "there is no such folder", "check the path");
}

// A folder of this name that holds class folders. (Without any it may itself be a class: a toy "train".)
bool is_part(const fs::path& path) { return is_folder(path) && !list_classes(path).empty(); }

void warn_of_ignored(const Folder& folder, std::vector<std::string>& warnings) {
  if (const auto& runs = folder.ignored.runs; !runs.empty())
    warnings.push_back(folder.root.string() + ": " +
                       (runs.size() == 1 ? "a training's run folder is ignored ("
                                         : "run folders of trainings are ignored (") +
                       shorten_list(runs, most_names) + ")");
  if (folder.ignored.count == 0) return;
  const std::string count = std::to_string(folder.ignored.count);
  warnings.push_back(folder.root.string() + ": " +
                     (folder.ignored.count == 1 ? "1 file is" : count + " files are") + " ignored (" +
                     folder.ignored.first + (folder.ignored.count == 1 ? "" : ", …") +
                     "): not a picture by its name, hidden, in no class folder, or no regular file");
}

void require_classes(const fs::path& root, const std::vector<std::string>& classes) {
  if (classes.empty()) {
    throw Error(root.string(), "holds no class folders",
                "put the pictures of each class into a folder of its own");
  }
  if (classes.size() > 1) return;
  const fs::path inner = root / classes.front();
  throw Error(root.string(), "holds one class only, \"" + classes.front() + "\"",
              is_part(inner / "train") ? "did you mean " + inner.string() + "?"
                                       : "put the pictures of another class into a folder beside it");
}

Folder open_training_part(const fs::path& root, std::vector<std::string>& warnings) {
  const auto classes = list_classes(root);
  require_classes(root, classes);
  check_class_names(root, classes);
  Folder folder = list_folder(root, classes);
  const auto empty = names_of_empty(folder);
  if (!empty.empty()) {
    throw Error(root.string(), "holds no pictures of " + shorten_list(empty, most_names),
                "add some or remove the folder (" + picture_endings() + ")");
  }
  warn_of_ignored(folder, warnings);
  return folder;
}

Folder open_validation_part(const fs::path& root, const std::vector<std::string>& classes,
                            const std::string& owner, std::vector<std::string>& warnings) {
  check_known_classes(root, list_classes(root), classes, owner);
  Folder folder = list_folder(root, classes);
  if (folder.samples.empty())
    throw Error(root.string(), "holds no pictures in class folders", picture_endings());
  warn_of_ignored(folder, warnings);
  warn_of_empty(folder, root.string(), warnings);
  return folder;
}

// A validation folder under another name would be passed over unseen.
void warn_of_unused(const fs::path& root, std::vector<std::string>& warnings) {
  for (const std::string& name : list_classes(root)) {
    if (name == "train") continue;
    warnings.push_back((root / name).string() + ": not used; validation pictures are read from val/");
  }
}

void check_options(DataOptions options) {
  for (const OptionRef& option : options_in(options, data_options)) option.check();
}

}  // namespace

DataSet open_data_set(const fs::path& root, const DataOptions& options) {
  check_options(options);
  if (is_label_table(root)) return open_labelled_data_set(root, options);
  require_folder(root);
  const fs::path train = root / "train", val = root / "val";
  DataSet data;
  if (is_folder(train) && is_folder(val)) {
    data.train = open_training_part(train, data.warnings);
    data.val = open_validation_part(val, data.train.classes, "train/", data.warnings);
    return data;
  }
  if (is_part(val))
    throw Error(root.string(), "holds val/ but no train/", "add train/ or name another folder");
  const bool train_alone = is_part(train) || list_classes(root) == std::vector<std::string>{"train"};
  if (train_alone) warn_of_unused(root, data.warnings);
  data.train = open_training_part(train_alone ? train : root, data.warnings);
  split_off_validation(data, options, data.train.root.string());
  return data;
}

Folder open_evaluation_folder(const fs::path& root, const std::vector<std::string>& classes,
                              std::vector<std::string>& warnings, LabelKind labels) {
  if (is_label_table(root)) return open_labelled_evaluation(root, classes, warnings, labels);
  require_folder(root);
  const bool has_val = is_part(root / "val");
  if (!has_val && is_part(root / "train")) {
    throw Error(root.string(), "holds train/ but no val/", "name the folder that holds the class folders");
  }
  const fs::path part = has_val ? root / "val" : root;
  const auto found = list_classes(part);
  if (found.empty()) {
    throw Error(part.string(), "holds no class folders",
                "put the pictures of each class into a folder of its own");
  }
  return open_validation_part(part, classes.empty() ? found : classes, "the model", warnings);
}

}  // namespace graft
