// open_data_set and open_evaluation_folder: which folders are meant, and whether they will do.
#include <algorithm>
#include <array>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/data/class_names.h"
#include "graft/data/data_layout.h"
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

bool is_archive(const fs::path& path) {
  constexpr std::array endings = {".zip", ".tar", ".gz", ".tgz", ".xz", ".bz2", ".7z", ".rar", ".zst"};
  const std::string ending = to_lower_ascii(path.extension().string());
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

void require_folder(const fs::path& root) {
  if (is_folder(root)) return;
  if (disk().info(root)) {
    throw Error(root.string(), "is not a folder",
                is_archive(root) ? "unpack the archive and name its folder"
                                 : "name the folder that holds train/ and val/, or a table (.csv)");
  }
  throw Error(root.string(), "there is no such folder", "check the path");
}

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
              list_classes(inner).size() > 1 ? "did you mean " + inner.string() + "?"
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
  warn_of_alike(classes, root.string(), warnings);
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

std::vector<fs::path> evaluated_parts(const DataLayout& layout, EvaluationPart part) {
  const std::string root = layout.root.string();
  if (!layout.train && !layout.val) {
    if (part == EvaluationPart::automatic || part == EvaluationPart::all) return {layout.root};
    throw Error(root, "holds neither train/ nor val/", "leave --split out to evaluate all of it");
  }
  if (part == EvaluationPart::train && !layout.train) throw Error(root, "holds no train/");
  if (part == EvaluationPart::train) return {*layout.train};
  if (part == EvaluationPart::all) {
    std::vector<fs::path> parts;
    for (const auto& each : {layout.train, layout.val}) {
      if (each) parts.push_back(*each);
    }
    return parts;
  }
  if (!layout.val)
    throw Error(root, "holds train/ but no val/", "name the folder that holds the class folders");
  return {*layout.val};
}

void check_options(DataOptions options) {
  for (const OptionRef& option : options_in(options, data_options)) option.check();
}

}  // namespace

DataSet open_data_set(const fs::path& root, const DataOptions& options) {
  check_options(options);
  if (is_label_table(root)) return open_labelled_data_set(root, options);
  require_folder(root);
  DataSet data;
  const DataLayout layout = find_data_layout(root, data.warnings);
  if (layout.val && !layout.train)
    throw Error(layout.root.string(), "holds val/ but no train/", "add train/ or name another folder");
  data.train = open_training_part(layout.train.value_or(layout.root), data.warnings);
  if (layout.val) {
    data.val = open_validation_part(*layout.val, data.train.classes, "train/", data.warnings);
  } else {
    split_off_validation(data, options, data.train.root.string());
  }
  return data;
}

Folder open_evaluation_folder(const fs::path& root, const std::vector<std::string>& classes,
                              std::vector<std::string>& warnings, LabelKind labels, EvaluationPart part) {
  if (is_label_table(root)) return open_labelled_evaluation(root, classes, warnings, labels, part);
  require_folder(root);
  const DataLayout layout = find_data_layout(root, warnings);
  Folder folder;
  for (const fs::path& each : evaluated_parts(layout, part)) {
    const auto found = list_classes(each);
    if (found.empty()) {
      throw Error(each.string(), "holds no class folders",
                  "put the pictures of each class into a folder of its own");
    }
    if (folder.classes.empty()) folder.classes = classes.empty() ? found : classes;
    Folder more = open_validation_part(each, folder.classes, "the model", warnings);
    if (folder.root.empty()) {
      folder = std::move(more);
    } else {
      folder.root = layout.root;
      folder.samples.insert(folder.samples.end(), more.samples.begin(), more.samples.end());
    }
  }
  return folder;
}

}  // namespace graft
