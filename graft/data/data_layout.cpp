#include "graft/data/data_layout.h"

#include <algorithm>
#include <array>
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
constexpr std::array other_words = {"val"sv,  "valid"sv,   "validation"sv, "valset"sv,
                                    "test"sv, "testing"sv, "tst"sv,        "testset"sv};
// Folders that contain all classes and are not a class.
constexpr std::array between_names = {"images"sv,   "image"sv,  "imgs"sv, "img"sv,
                                      "pictures"sv, "photos"sv, "data"sv, "dataset"sv};

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

// The candidates for a part: the folder with the standard name, else those with another name.
template <class Names>
std::vector<std::string> candidates(const std::vector<std::string>& folders, const Names& names) {
  std::vector<std::string> found;
  for (const std::string& name : folders) {
    if (name == names.front()) return {name};
    if (is_among(name, names)) found.push_back(name);
  }
  return found;
}

template <class Names>
std::optional<fs::path> part_in(const fs::path& root, const std::vector<std::string>& folders,
                                const Names& names) {
  const auto found = candidates(folders, names);
  return found.empty() ? std::nullopt : std::optional(root / found.front());
}

// Throws if there is more than one candidate.
template <class Names>
void require_one(const fs::path& root, const Names& names) {
  const auto found = candidates(list_classes(root), names);
  if (found.size() < 2) return;
  const std::string usual(names.front());
  throw Error(root.string(),
              "holds " + found[0] + "/ and " + found[1] + "/, either of which may be its " + usual + "/",
              "rename the intended one to \"" + usual + "\"");
}

bool is_usual(const fs::path& part) {
  const std::string name = part.filename().string();
  return name == "train" || name == "val" || name == "test";
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
  return layout;
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
  if (folders.size() != 1 || !is_among(folders.front(), between_names)) return std::nullopt;
  const fs::path inner = folder / folders.front();
  return has_folders(inner) && !has_pictures(inner) ? std::optional(inner) : std::nullopt;
}

fs::path below_folders_between(fs::path folder, std::vector<std::string>& warnings) {
  for (int i = 0; i < max_folders_between && !holds_parts(folder); ++i) {
    const auto inner = folder_between(folder);
    if (!inner) break;
    warnings.push_back(folder.string() + ": its pictures are read from " + inner->string());
    folder = *inner;
  }
  return folder;
}

void warn_of_names(const DataLayout& layout, std::vector<std::string>& warnings) {
  for (const auto& [part, usual] : {std::pair(layout.train, "train"), std::pair(layout.val, "val")}) {
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

// Refuses sub-folders that are datasets: their parts would be learned as pictures of a class.
void refuse_data_sets_for_classes(const fs::path& root) {
  for (const std::string& name : list_classes(root)) {
    const fs::path folder = root / name;
    const DataLayout inner = parts_of(folder);
    const auto& other = inner.val ? inner.val : inner.test;
    if (!inner.train || !(other || has_folders(*inner.train))) continue;
    throw Error(root.string(),
                "is not a dataset: its folder " + name + "/ holds " + inner.train->filename().string() + "/" +
                    (other ? " and " + other->filename().string() + "/" : ""),
                "name " + folder.string() + ", or move the class folders into train/ and val/");
  }
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

// Refuses training_set/ beside test_set/, which would be learned as two classes.
void refuse_parts_for_classes(const fs::path& root) {
  const auto folders = list_classes(root);
  const auto train = std::find_if(folders.begin(), folders.end(),
                                  [](const std::string& name) { return has_word(name, train_words); });
  const auto other = std::find_if(folders.begin(), folders.end(), [](const std::string& name) {
    return has_word(name, other_words) && !has_word(name, train_words);
  });
  if (train == folders.end() || other == folders.end()) return;
  throw Error(
      root.string(),
      "its folders " + *train + "/ and " + *other + "/ look like parts of a dataset, not like classes",
      "rename them train/ and val/, or name " + (root / *train).string() +
          "; if they are classes, give them other names");
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
void refuse_classes_again(const fs::path& root) {
  const auto folders = list_classes(root);
  for (const std::string& name : folders) {
    for (const std::string& inner : list_classes(root / name)) {
      if (inner == name || std::find(folders.begin(), folders.end(), inner) == folders.end()) continue;
      throw Error(root.string(),
                  "its folder " + name + "/ holds " + inner + "/, which is also a class folder beside it",
                  "if " + name +
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
  DataLayout layout = parts_of(below_folders_between(root, warnings));
  if (!layout.has_parts()) {
    refuse_data_sets_for_classes(layout.root);
    refuse_parts_for_classes(layout.root);
    refuse_same_folders(layout.root);
    refuse_classes_again(layout.root);
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
    *part = below_folders_between(**part, warnings);
    refuse_classes_again(**part);
    warn_of_parts_as_classes(**part, warnings);
  }
  return layout;
}

}  // namespace graft
