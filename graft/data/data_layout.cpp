#include "graft/data/data_layout.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/data/folder.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr int max_folders_between = 3;

// Names of a part, in lower case; the first is the standard one.
constexpr std::array train_names = {"train"sv, "training"sv, "训练"sv, "训练集"sv};
constexpr std::array val_names = {"val"sv,  "valid"sv,      "validation"sv, "validate"sv, "dev"sv,
                                  "eval"sv, "evaluation"sv, "验证"sv,       "验证集"sv};
constexpr std::array test_names = {"test"sv, "testing"sv, "测试"sv, "测试集"sv};
// Recognised in names of several words only: training_set/, trn_images/, TrainingSet/.
constexpr std::array train_words = {"train"sv, "training"sv, "trn"sv, "trainset"sv};
constexpr std::array val_words = {"val"sv, "valid"sv, "validation"sv, "valset"sv};
constexpr std::array test_words = {"test"sv, "testing"sv, "tst"sv, "testset"sv};
// Folders that contain all classes and are not a class.
constexpr std::array between_names = {"images"sv,   "image"sv,  "imgs"sv, "img"sv,
                                      "pictures"sv, "photos"sv, "data"sv, "dataset"sv};
// In data sets for object detection, the folder of annotation files, and the endings of these files.
constexpr std::array annotation_names = {"labels"sv, "label"sv, "annotations"sv, "annotation"sv};
constexpr std::array annotation_endings = {".txt"sv, ".xml"sv, ".json"sv};

template <class Names>
bool is_among(const std::string& name, const Names& names) {
  return std::find(names.begin(), names.end(), to_lower_ascii(name)) != names.end();
}

bool is_role(const std::string& name) {
  return is_among(name, train_names) || is_among(name, val_names) || is_among(name, test_names);
}

bool has_pictures(const fs::path& folder) {
  const auto entries = disk().list(folder);
  return std::any_of(entries.begin(), entries.end(), [](const DirectoryEntry& entry) {
    return entry.kind == FileKind::regular && has_image_extension(entry.name);
  });
}

bool has_folders(const fs::path& folder) { return !list_classes(folder).empty(); }

// The candidates for a part: the folders with one of its names that hold class folders, or if none does, all
// with one of its names. The standard name is first.
template <class Names>
std::vector<std::string> candidates(const fs::path& root, const std::vector<std::string>& folders,
                                    const Names& names) {
  std::vector<std::string> found;
  std::copy_if(folders.begin(), folders.end(), std::back_inserter(found),
               [&](const std::string& name) { return is_among(name, names); });
  std::stable_partition(found.begin(), found.end(),
                        [&](const std::string& name) { return name == names.front(); });
  if (found.size() < 2) return found;
  std::vector<std::string> parts;
  std::copy_if(found.begin(), found.end(), std::back_inserter(parts),
               [&](const std::string& name) { return has_folders(root / name); });
  return parts.empty() ? found : parts;
}

template <class Names>
std::optional<fs::path> part_in(const fs::path& root, const std::vector<std::string>& folders,
                                const Names& names) {
  const auto found = candidates(root, folders, names);
  return found.empty() ? std::nullopt : std::optional(root / found.front());
}

// Throws if there is more than one candidate.
template <class Names>
void require_one(const fs::path& root, const Names& names) {
  const auto found = candidates(root, list_classes(root), names);
  if (found.size() < 2) return;
  const std::string usual(names.front());
  throw Error(root.string(),
              "holds " + found[0] + "/ and " + found[1] + "/, either of which may be its " + usual + "/",
              "keep the intended one and move the other out of this folder");
}

bool is_usual(const fs::path& part) {
  const std::string name = part.filename().string();
  return name == "train" || name == "val" || name == "test";
}

template <class Words>
bool has_word(const std::string& name, const Words& words) {
  std::string word;
  for (const char c : name + " ") {
    const bool is_lower = c >= 'a' && c <= 'z', is_upper = c >= 'A' && c <= 'Z';
    const bool begins = is_upper && !word.empty() && word.back() >= 'a' && word.back() <= 'z';
    if (begins || !(is_lower || is_upper)) {
      if (is_among(word, words)) return true;
      word.clear();
    }
    if (is_lower || is_upper) word += c;
  }
  return false;
}

bool is_train_by_words(const std::string& name) { return has_word(name, train_words); }
bool is_val_by_words(const std::string& name) {
  return has_word(name, val_words) && !is_train_by_words(name);
}
bool is_test_by_words(const std::string& name) {
  return has_word(name, test_words) && !is_train_by_words(name) && !is_val_by_words(name);
}
bool is_part_name(const std::string& name) {
  return is_role(name) || is_train_by_words(name) || is_val_by_words(name) || is_test_by_words(name);
}

// The only folder in `folder` if it contains all classes: images/, or within the part `part` a folder with
// the same name (train/train/ants).
std::optional<fs::path> only_folder_between(const fs::path& folder, const std::string& part = "") {
  const auto folders = list_classes(folder);
  if (folders.size() != 1) return std::nullopt;
  const std::string& name = folders.front();
  if (!is_among(name, between_names) && to_lower_ascii(name) != to_lower_ascii(part)) return std::nullopt;
  const fs::path inner = folder / name;
  return has_folders(inner) && !has_pictures(inner) ? std::optional(inner) : std::nullopt;
}

// The folder in a part that contains the class folders.
fs::path classes_folder(const fs::path& part) {
  fs::path folder = part;
  for (int i = 0; i < max_folders_between; ++i) {
    const auto inner = only_folder_between(folder, part.filename().string());
    if (!inner) break;
    folder = *inner;
  }
  return folder;
}

// training_set/ beside test_set/, if only the parts hold class folders with the names of the training
// classes. Nothing if the folders may be classes.
DataLayout parts_by_words(const fs::path& root) {
  const DataLayout none{root, {}, {}, {}, {}};
  DataLayout layout = none;
  std::vector<std::string> others;
  for (const std::string& name : list_classes(root)) {
    auto* part = is_train_by_words(name)  ? &layout.train
                 : is_val_by_words(name)  ? &layout.val
                 : is_test_by_words(name) ? &layout.test
                                          : nullptr;
    if (part == nullptr) {
      others.push_back(name);
    } else if (*part) {
      return none;
    } else {
      *part = root / name;
    }
  }
  if (!layout.train || !(layout.val || layout.test)) return none;
  const auto classes = list_classes(classes_folder(*layout.train));
  const auto shares_a_class = [&](const fs::path& folder) {
    const auto found = list_classes(classes_folder(folder));
    return std::find_first_of(found.begin(), found.end(), classes.begin(), classes.end()) != found.end();
  };
  for (const auto* part : {&layout.train, &layout.val, &layout.test}) {
    if (*part && (has_pictures(**part) || !shares_a_class(**part))) return none;
  }
  const bool alone = std::none_of(others.begin(), others.end(),
                                  [&](const std::string& name) { return shares_a_class(root / name); });
  return alone ? layout : none;
}

// The parts directly in `root`. A folder named train without sub-folders may be a class.
DataLayout parts_of(const fs::path& root) {
  const auto folders = list_classes(root);
  DataLayout layout{root,
                    part_in(root, folders, train_names),
                    part_in(root, folders, val_names),
                    part_in(root, folders, test_names),
                    {}};
  const bool roles_alone = std::all_of(folders.begin(), folders.end(), is_role);
  const bool both = layout.train && layout.val;
  const auto stays = [&](const fs::path& part) {
    if (both || roles_alone) return true;
    return is_usual(part) && has_folders(part);
  };
  for (auto* part : {&layout.train, &layout.val, &layout.test}) {
    if (*part && !stays(**part)) part->reset();
  }
  const bool test_alone = roles_alone && layout.test && has_folders(*layout.test);
  if (!layout.train && !layout.val && !test_alone) layout.test.reset();
  return layout.has_parts() ? layout : parts_by_words(root);
}

bool holds_parts(const fs::path& folder) {
  const DataLayout layout = parts_of(folder);
  return layout.train.has_value() || layout.val.has_value();
}

// images/ in train/images/ants, or the only folder in `folder`.
std::optional<fs::path> folder_between(const fs::path& folder) {
  const auto folders = list_classes(folder);
  for (const std::string& name : folders) {
    const fs::path inner = folder / name;
    if ((folders.size() == 1 || is_among(name, between_names)) && !has_pictures(inner) && holds_parts(inner))
      return inner;
  }
  return only_folder_between(folder);
}

void warn_of_folder_between(const fs::path& folder, const fs::path& inner,
                            std::vector<std::string>& warnings) {
  warnings.push_back(folder.string() + ": its pictures are read from " + inner.string());
}

fs::path below_folders_between(fs::path folder, std::vector<std::string>& warnings) {
  for (int i = 0; i < max_folders_between && !holds_parts(folder); ++i) {
    const auto inner = folder_between(folder);
    if (!inner) break;
    warn_of_folder_between(folder, *inner, warnings);
    folder = *inner;
  }
  return folder;
}

void warn_of_names(const DataLayout& layout, std::vector<std::string>& warnings) {
  for (const auto& [part, usual] :
       {std::pair(layout.train, "train"), std::pair(layout.val, "val"), std::pair(layout.test, "test")}) {
    if (part && part->filename() != usual) warnings.push_back(part->string() + ": read as " + usual + "/");
  }
}

std::vector<fs::path> unused_of(const DataLayout& layout) {
  std::vector<fs::path> unused;
  for (const std::string& name : list_classes(layout.root)) {
    const fs::path folder = layout.root / name;
    if (folder != layout.train && folder != layout.val && folder != layout.test) unused.push_back(folder);
  }
  return unused;
}

// An annotation file in `folder` or its sub-folders; nothing if they hold pictures.
std::optional<std::string> annotation_in(const fs::path& folder) {
  std::vector<fs::path> folders = {folder};
  for (const std::string& name : list_classes(folder)) folders.push_back(folder / name);
  std::optional<std::string> found;
  for (const fs::path& each : folders) {
    if (has_pictures(each)) return std::nullopt;
    for (const DirectoryEntry& entry : disk().list(each)) {
      if (entry.kind == FileKind::regular &&
          is_among(fs::path(entry.name).extension().string(), annotation_endings))
        found = entry.name;
    }
  }
  return found;
}

// Whether the folder is images/ or train2017/ and has pictures directly in it, or images/ with such a part.
bool holds_annotated_pictures(const fs::path& folder) {
  const std::string name = folder.filename().string();
  const bool is_between = is_among(name, between_names) || is_among(name, std::array{"jpegimages"sv});
  if ((is_part_name(name) || is_between) && has_pictures(folder)) return true;
  if (!is_between) return false;
  const auto folders = list_classes(folder);
  return std::any_of(folders.begin(), folders.end(), [&](const std::string& inner) {
    return is_part_name(inner) && has_pictures(folder / inner);
  });
}

// Refuses images/ beside labels/, a data set for object detection.
void refuse_annotations_in(const fs::path& folder) {
  const auto folders = list_classes(folder);
  const auto annotations = std::find_if(folders.begin(), folders.end(), [](const std::string& name) {
    return is_among(name, annotation_names);
  });
  if (annotations == folders.end()) return;
  const auto pictures = std::find_if(folders.begin(), folders.end(), [&](const std::string& name) {
    return holds_annotated_pictures(folder / name);
  });
  if (pictures == folders.end()) return;
  const auto file = annotation_in(folder / *annotations);
  if (!file) return;
  throw Error(folder.string(),
              "holds pictures in " + *pictures + "/ and files of annotations in " + *annotations + "/ (" +
                  *file +
                  "), as for object detection (YOLO, COCO, Pascal VOC); graft classifies whole pictures and "
                  "does not read these files",
              "copy the pictures into a new folder with one sub-folder per class, or name a table "
              "path,label (.csv)");
}

// The same, also in train/images/ and train/labels/.
void refuse_annotations(const fs::path& root) {
  refuse_annotations_in(root);
  for (const std::string& name : list_classes(root)) refuse_annotations_in(root / name);
}

std::string joined_names(const std::vector<fs::path>& folders) {
  std::string names;
  for (std::size_t i = 0; i < folders.size(); ++i)
    names += (i == 0 ? "" : i + 1 == folders.size() ? " and " : ", ") + folders[i].filename().string() + "/";
  return names;
}

// Refuses sub-folders that are datasets, or classes that are divided into parts: their parts would be learned
// as pictures of a class.
void refuse_data_sets_for_classes(const fs::path& root) {
  for (const std::string& name : list_classes(root)) {
    const DataLayout inner = parts_of(root / name);
    std::vector<fs::path> parts;
    std::vector<std::string> moves;
    bool hold_classes = false;
    for (const auto& [part, usual] :
         {std::pair(inner.train, "train/"), std::pair(inner.val, "val/"), std::pair(inner.test, "test/")}) {
      if (!part) continue;
      parts.push_back(*part);
      moves.push_back(name + "/" + part->filename().string() + " to " + usual + name);
      hold_classes = hold_classes || has_folders(*part);
    }
    if (!inner.train || (parts.size() == 1 && !hold_classes)) continue;
    if (hold_classes)
      throw Error(root.string(), "is not a dataset: its folder " + name + "/ holds " + joined_names(parts),
                  "name " + (root / name).string() + ", or move the class folders into train/ and val/");
    throw Error(root.string(),
                "is divided into parts inside its class folders: " + name + "/ holds " + joined_names(parts),
                "move " + join(moves, ", ") +
                    ", and likewise for the other classes; or name a table path,label,split (.csv)");
  }
}

// Refuses training_set/ beside test_set/, which would be learned as two classes.
void refuse_parts_for_classes(const fs::path& root) {
  const auto folders = list_classes(root);
  const auto train = std::find_if(folders.begin(), folders.end(), is_train_by_words);
  const auto other = std::find_if(folders.begin(), folders.end(), [](const std::string& name) {
    return is_val_by_words(name) || is_test_by_words(name);
  });
  if (train == folders.end() || other == folders.end()) return;
  throw Error(
      root.string(),
      "its folders " + *train + "/ and " + *other + "/ look like parts of a dataset, not like classes",
      "if they are parts, rename them train/ and val/ and put the pictures of each class into a "
      "separate folder in each; if they are classes, give them other names");
}

// Refuses train/train/ and train/val/, which would be learned as two classes.
void refuse_parts_in_part(const fs::path& part) {
  const DataLayout inner = parts_of(part);
  const auto& other = inner.val ? inner.val : inner.test;
  if (!inner.train || !other) return;
  if (!has_folders(*inner.train)) refuse_parts_for_classes(part);
  throw Error(part.string(), "is a part of a dataset and holds " + joined_names({*inner.train, *other}),
              "name " + part.string() + " as the dataset");
}

// Refuses fold1/ants, fold1/bees, fold2/ants, fold2/bees: the classes are one level deeper, or each class is
// divided into folders of the same names.
void refuse_same_folders(const fs::path& root) {
  const auto folders = list_classes(root);
  if (folders.size() < 2) return;
  const auto inner = list_classes(root / folders.front());
  if (inner.size() < 2) return;
  const bool same = std::all_of(folders.begin(), folders.end(), [&](const std::string& name) {
    return list_classes(root / name) == inner && !has_pictures(root / name);
  });
  if (!same) return;
  throw Error(root.string(),
              "each of its folders (" + shorten_list(folders) + ") holds the folders " + shorten_list(inner) +
                  ", so either level may be the classes",
              "if the inner folders are the classes, put them into one folder or into train/ and val/; if "
              "the outer folders are, move their pictures up, or name a table of labels (.csv)");
}

// Refuses ants/, bees/ and Val/ants: a part, or a copy, beside the classes would be learned as a class.
void refuse_classes_again(const fs::path& root, bool is_part) {
  const auto folders = list_classes(root);
  for (const std::string& name : folders) {
    for (const std::string& inner : list_classes(root / name)) {
      if (inner == name || std::find(folders.begin(), folders.end(), inner) == folders.end()) continue;
      throw Error(root.string(),
                  "its folder " + name + "/ holds " + inner + "/, which is also a class folder beside it",
                  is_part ? "move " + (root / name).string() + " out of the dataset"
                          : "if " + name +
                                "/ is a part of the dataset, put the class folders into train/ and rename it "
                                "val/ or test/; otherwise move it elsewhere");
    }
  }
}

// Warns of test/ with pictures directly in it, beside ants/ and bees/.
void warn_of_parts_as_classes(const fs::path& root, std::vector<std::string>& warnings) {
  const auto folders = list_classes(root);
  if (std::all_of(folders.begin(), folders.end(), is_role)) return;
  for (const std::string& name : folders) {
    if (is_role(name))
      warnings.push_back((root / name).string() +
                         ": is read as a class; move it elsewhere if it is a part of the dataset");
  }
}

}  // namespace

DataLayout find_data_layout(const fs::path& root, std::vector<std::string>& warnings) {
  refuse_annotations(root);
  DataLayout layout = parts_of(below_folders_between(root, warnings));
  refuse_annotations(layout.root);
  if (!layout.has_parts()) {
    refuse_data_sets_for_classes(layout.root);
    refuse_parts_for_classes(layout.root);
    refuse_same_folders(layout.root);
    refuse_classes_again(layout.root, false);
    warn_of_parts_as_classes(layout.root, warnings);
    return layout;
  }
  require_one(layout.root, train_names);
  require_one(layout.root, val_names);
  require_one(layout.root, test_names);
  layout.unused = unused_of(layout);
  warn_of_names(layout, warnings);
  for (auto* part : {&layout.train, &layout.val, &layout.test}) {
    if (!*part) continue;
    const fs::path inner = classes_folder(**part);
    if (inner != *part) warn_of_folder_between(**part, inner, warnings);
    *part = inner;
    refuse_parts_in_part(**part);
    refuse_classes_again(**part, true);
    warn_of_parts_as_classes(**part, warnings);
  }
  return layout;
}

}  // namespace graft
