// open_data_set and open_evaluation_folder: find the folders and check them.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/run_mark.h"
#include "graft/core/text.h"
#include "graft/data/class_names.h"
#include "graft/data/data_layout.h"
#include "graft/data/folder.h"
#include "graft/data/labels.h"
#include "graft/data/own_data.h"
#include "graft/data/split.h"
#include "graft/data/walk.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

constexpr int most_folders_between = 3;
constexpr std::size_t most_suggestions = 64;

bool is_archive(const fs::path& path) {
  constexpr std::array endings = {".zip", ".tar", ".gz", ".tgz", ".xz", ".bz2", ".7z", ".rar", ".zst"};
  const std::string ending = to_lower_ascii(path.extension().string());
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

void require_folder(const fs::path& root) {
  if (is_folder(root)) return;
  if (!disk().info(root)) throw Error(root.string(), "there is no such folder", "check the path");
  if (is_archive(root)) throw Error(root.string(), "is an archive", "unpack it and name its folder");
  if (has_image_extension(root.string()))
    throw Error(root.string(), "is one picture", "name the folder that holds the class folders");
  throw Error(root.string(), "is not a folder",
              "name the folder that holds train/ and val/, or a table of labels (.csv)");
}

void warn_of_ignored(const Folder& folder, std::vector<std::string>& warnings) {
  if (const auto& runs = folder.ignored.runs; !runs.empty())
    warnings.push_back(folder.root.string() + ": " +
                       (runs.size() == 1 ? "a run folder is ignored (" : "run folders are ignored (") +
                       shorten_list(runs) + ")");
  if (std::string words = ignored_words(folder); !words.empty()) warnings.push_back(std::move(words));
}

// Advice that names a table of labels in the folder; empty if none can be read.
std::string table_advice(const fs::path& root) {
  for (const DirectoryEntry& entry : disk().list(root)) {
    if (entry.kind != FileKind::regular || !is_label_table(entry.name)) continue;
    try {
      open_labelled_data_set(root / entry.name, {});
      return ", or name the table of their labels: " + (root / entry.name).string();
    } catch (const Error&) {  // another table
    }
  }
  return "";
}

[[noreturn]] void refuse_without_classes(const fs::path& root) {
  if (is_run_folder(root))
    throw Error(root.string(), "is a run, not a dataset", "name the folder of the pictures");
  const auto entries = disk().list(root);
  const std::string table = table_advice(root);
  const auto pictures = std::count_if(entries.begin(), entries.end(), [](const DirectoryEntry& entry) {
    return entry.kind == FileKind::regular && has_image_extension(entry.name);
  });
  throw Error(
      root.string(),
      pictures == 0 ? "holds no class folders"
                    : "holds " + counted(pictures, "picture") + " and no class folders",
      "put the pictures of each class into a separate folder" +
          (!table.empty() || pictures == 0 ? table : ", or name their classes in a table path,label (.csv)"));
}

// The folder that holds the parts or the class folders, if training could read it.
std::optional<fs::path> data_set_in(const fs::path& root) {
  try {
    std::vector<std::string> warnings;
    const DataLayout layout = find_data_layout(root, warnings);
    const fs::path part = layout.train.value_or(layout.root);
    const auto classes = list_classes(part);
    if ((layout.train || !layout.has_parts()) && classes.size() > 1 &&
        names_of_empty(list_folder(part, classes)).empty())
      return layout.root;
  } catch (const Error&) {  // another folder
  }
  return std::nullopt;
}

// The first dataset below the folder, of those with the shortest path.
std::optional<fs::path> data_set_below(const fs::path& root) {
  std::vector<fs::path> level = {root};
  for (int depth = 0; depth < most_folders_between; ++depth) {
    std::vector<fs::path> next;
    for (const fs::path& folder : level) {
      for (const std::string& name : list_classes(folder)) next.push_back(folder / name);
    }
    if (next.size() > most_suggestions) next.resize(most_suggestions);
    for (const fs::path& folder : next) {
      if (const auto found = data_set_in(folder)) return found;
    }
    level = std::move(next);
  }
  return std::nullopt;
}

void require_classes(const fs::path& root, const std::vector<std::string>& classes) {
  if (classes.empty()) refuse_without_classes(root);
  if (classes.size() > 1) return;
  const auto inner = data_set_below(root);
  throw Error(root.string(), "holds one class only, \"" + classes.front() + "\"",
              inner ? "did you mean " + inner->string() + "?"
                    : "put the pictures of another class into a folder beside it" + table_advice(root));
}

// For classes without pictures, a file in one of their folders that has a picture's ending: " (ants/1.jpg: a
// broken link)".
std::string why_empty(const Folder& folder) {
  const auto counts = folder.count_per_class();
  for (const std::string& file : list_ignored(folder.root, folder.classes)) {
    const std::string name = fs::path(file).lexically_relative(folder.root).begin()->string();
    const auto found = std::find(folder.classes.begin(), folder.classes.end(), name);
    if (found == folder.classes.end() || counts[static_cast<std::size_t>(found - folder.classes.begin())] > 0)
      continue;
    if (has_image_extension(file)) return " (" + file + ": " + why_ignored(file, folder.root) + ")";
  }
  return "";
}

Folder open_training_part(const fs::path& root, std::vector<std::string>& warnings) {
  const auto classes = list_classes(root);
  require_classes(root, classes);
  check_class_names(root, classes);
  Folder folder = list_folder(root, classes);
  const auto empty = names_of_empty(folder);
  if (!empty.empty()) {
    throw Error(root.string(), "holds no pictures of " + shorten_list(empty) + why_empty(folder),
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
    throw Error(root.string(), "holds no pictures in class folders" + why_empty(folder), picture_endings());
  warn_of_ignored(folder, warnings);
  warn_of_empty(folder, root.string(), warnings);
  return folder;
}

// The part of the folder to evaluate.
EvaluationPart resolved(const DataLayout& layout, EvaluationPart part) {
  if (!layout.has_parts()) {
    if (part == EvaluationPart::automatic || part == EvaluationPart::all) return EvaluationPart::all;
    throw Error(layout.root.string(), "is not divided into train/ and val/",
                "leave `split` out to evaluate all of it");
  }
  if (part != EvaluationPart::automatic) return part;
  if (layout.val) return EvaluationPart::val;
  if (layout.test) return EvaluationPart::test;
  throw Error(layout.root.string(), "holds train/ but no val/",
              "name the folder that holds the class folders, or use `split` train");
}

std::vector<fs::path> evaluated_parts(const DataLayout& layout, EvaluationPart part) {
  if (!layout.has_parts()) return {layout.root};
  std::vector<fs::path> parts;
  for (const auto& [folder, of] :
       {std::pair(layout.train, EvaluationPart::train), std::pair(layout.val, EvaluationPart::val),
        std::pair(layout.test, EvaluationPart::test)}) {
    if (folder && (part == of || part == EvaluationPart::all)) parts.push_back(*folder);
  }
  if (parts.empty())
    throw Error(
        layout.root.string(),
        std::string("holds no ") + EnumNames<EvaluationPart>::names[static_cast<std::size_t>(part)] + "/",
        "use another `split`");
  return parts;
}

// The layout has a train/ if it has parts.
void warn_of_unused(const DataLayout& layout, std::vector<std::string>& warnings) {
  const auto name_of = [&](const fs::path& part) {
    return part.lexically_relative(layout.root).string() + "/";
  };
  for (const fs::path& folder : layout.unused)
    warnings.push_back(
        folder.string() + ": not used; pictures are read from " + name_of(*layout.train) +
        (layout.val ? " and " + name_of(*layout.val) : ", and validation pictures are split off them"));
  if (layout.test && list_classes(*layout.test).empty())
    warnings.push_back(layout.test->string() +
                       ": not used; it has no class folders, so that a model can only predict its pictures");
}

void check_options(DataOptions options) {
  for (const OptionRef& option : options_in(options, data_options)) option.check();
}

}  // namespace

TrainingData open_data_set(const DataSource& source, const DataOptions& options) {
  check_options(options);
  if (source.own) return open_own_data(*source.own, options);
  const fs::path root = source.path;
  if (is_label_table(root)) return open_labelled_data_set(root, options);
  require_folder(root);
  TrainingData data;
  const DataLayout layout = find_data_layout(root, data.warnings);
  if (layout.has_parts() && !layout.train)
    throw Error(layout.root.string(),
                std::string("holds ") + (layout.val ? "val/" : "test/") + " but no train/",
                "add train/ or name another folder");
  warn_of_unused(layout, data.warnings);
  data.train = open_training_part(layout.train.value_or(layout.root), data.warnings);
  const std::vector<std::string>& classes = data.train.classes;
  if (layout.val) data.val = open_validation_part(*layout.val, classes, "train/", data.warnings);
  if (layout.test && !list_classes(*layout.test).empty()) {
    try {
      data.test = open_validation_part(*layout.test, classes, "train/", data.warnings);
    } catch (const Error& error) {  // training does not need it
      data.warnings.push_back(layout.test->string() + ": not used: " + error.what());
    }
  }
  divide(data, options, layout.val.has_value(), data.train.root.string());
  return data;
}

EvaluationFolder open_evaluation_folder(const DataSource& source, const std::vector<std::string>& classes,
                                        std::vector<std::string>& warnings, LabelKind labels,
                                        EvaluationPart part) {
  if (source.own) return open_own_evaluation(*source.own, classes, warnings, part);
  const fs::path root = source.path;
  if (is_label_table(root)) return open_labelled_evaluation(root, classes, warnings, labels, part);
  require_folder(root);
  if (labels == LabelKind::number)
    throw Error(root.string(), "is a folder, and only a table has numbers as labels",
                "name a table with a column of numbers (.csv)");
  const DataLayout layout = find_data_layout(root, warnings);
  part = resolved(layout, part);
  EvaluationFolder whole{{}, part};
  for (const fs::path& each : evaluated_parts(layout, part)) {
    const auto found = list_classes(each);
    if (found.empty()) refuse_without_classes(each);
    const bool first = whole.root.empty();
    Folder folder = open_validation_part(each,
                                         !classes.empty() ? classes
                                         : first          ? found
                                                          : whole.classes,
                                         "the model", warnings);
    if (first) {
      static_cast<Folder&>(whole) = std::move(folder);
      continue;
    }
    whole.root = layout.root;
    append_samples(whole, folder);
  }
  return whole;
}

}  // namespace graft
