#include "graft/data/folder.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/run_mark.h"
#include "graft/core/text.h"
#include "graft/data/walk.h"

namespace graft {
namespace {

constexpr std::array<std::string_view, 9> extensions = {".jpg", ".jpeg", ".png",  ".ppm", ".bmp",
                                                        ".pgm", ".tif",  ".tiff", ".webp"};

// The default folder of runs, which may be among the classes if the data was once the current folder.
bool is_folder_of_runs(const std::filesystem::path& root, const std::string& name) {
  if (name != "runs") return false;
  const auto entries = disk().list(root / name);
  return !entries.empty() && std::all_of(entries.begin(), entries.end(), [&](const DirectoryEntry& entry) {
    return entry.kind == FileKind::directory && is_run_folder(root / name / entry.name);
  });
}

bool is_class(const std::filesystem::path& root, const DirectoryEntry& entry) {
  return entry.kind == FileKind::directory && !is_hidden(entry.name) && !is_run_folder(root / entry.name) &&
         !is_folder_of_runs(root, entry.name);
}

void append(Folder& folder, std::vector<std::string> paths, std::int64_t label) {
  folder.samples.reserve(std::max(folder.samples.size() + paths.size(), folder.samples.capacity()));
  for (std::string& path : paths) folder.samples.push_back({std::move(path), label});
}

// Appends the ignored files to `files` unless it is null.
Folder walk_classes(const std::filesystem::path& root, const std::vector<std::string>& classes,
                    std::vector<std::string>* files) {
  Folder folder{root, classes, {}, {}};
  // Class names are looked up in the listing, never joined to the path: a model's classes are untrusted, and
  // "../.." is not a class of this folder.
  std::unordered_set<std::string> folders;
  for (const DirectoryEntry& entry : disk().list(root)) {
    if (entry.kind == FileKind::directory) {
      folders.insert(entry.name);
      // In folders that are not classes, pictures are counted as ignored and runs are listed.
      if (!is_class(root, entry)) walk_pictures(root.string(), entry.name, folder.ignored, files);
    } else if (has_image_extension(entry.name)) {
      folder.ignored.add((root / entry.name).string());
      if (files != nullptr) files->push_back((root / entry.name).string());
    }
  }
  for (std::size_t label = 0; label < classes.size(); ++label) {
    if (!folders.contains(classes[label])) continue;
    append(folder, walk_pictures(root.string(), classes[label], folder.ignored, files),
           static_cast<std::int64_t>(label));
  }
  folder.samples.shrink_to_fit();
  return folder;
}

}  // namespace

void Ignored::add(const std::string& path) {
  if (count++ == 0) first = path;
}

LabelKind Folder::kind() const {
  return !class_sets.empty() ? LabelKind::multi : !numbers.empty() ? LabelKind::number : LabelKind::single;
}

std::size_t Folder::num_labels() const {
  const LabelKind of = kind();
  return of == LabelKind::multi    ? class_sets.size()
         : of == LabelKind::number ? numbers.size()
                                   : classes.size();
}

std::vector<std::string> Folder::label_names() const {
  if (kind() == LabelKind::single) return classes;
  std::vector<std::string> names;
  for (const double number : numbers) names.push_back(csv_number(number));
  for (const auto& set : class_sets) {
    std::vector<std::string> parts;
    for (const std::int64_t index : set) parts.push_back(classes[static_cast<std::size_t>(index)]);
    names.push_back(join(parts, "|"));
  }
  return names;
}

std::vector<std::int64_t> Folder::count_per_class() const {
  if (kind() == LabelKind::number) return {static_cast<std::int64_t>(samples.size())};
  std::vector<std::int64_t> counts(classes.size(), 0);
  for (const Sample& sample : samples) {
    const auto label = static_cast<std::size_t>(sample.label);
    if (class_sets.empty()) {
      ++counts[label];
      continue;
    }
    for (const std::int64_t index : class_sets[label]) ++counts[static_cast<std::size_t>(index)];
  }
  return counts;
}

void convert_labels(Folder& folder, LabelKind kind) {
  const LabelKind own = folder.kind();
  if (own == kind) return;
  if (own != LabelKind::single || kind != LabelKind::multi) {
    throw Error(folder.root.empty() ? "the data" : folder.root.string(),
                kind == LabelKind::number ? "has classes as labels, and the model predicts a number"
                                          : "has labels of a different kind than the model predicts",
                "name a table with the labels of the model's kind");
  }
  for (std::size_t i = 0; i < folder.classes.size(); ++i)
    folder.class_sets.push_back({static_cast<std::int64_t>(i)});
}

// Avoids copies: called for every file of a dataset.
bool has_image_extension(const std::string& name) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::any_of(extensions.begin(), extensions.end(), [&](std::string_view end) {
    return name.size() >= end.size() &&
           std::equal(end.begin(), end.end(), name.end() - static_cast<std::ptrdiff_t>(end.size()),
                      [&](char a, char b) { return a == lower(b); });
  });
}

std::vector<std::string> list_classes(const std::filesystem::path& root) {
  std::vector<std::string> classes;
  for (DirectoryEntry& entry : disk().list(root)) {
    if (is_class(root, entry)) classes.push_back(std::move(entry.name));
  }
  return classes;
}

Folder list_folder(const std::filesystem::path& root, const std::vector<std::string>& classes) {
  return walk_classes(root, classes, nullptr);
}

std::vector<std::string> list_ignored(const std::filesystem::path& root,
                                      const std::vector<std::string>& classes) {
  std::vector<std::string> files;
  walk_classes(root, classes, &files);
  std::sort(files.begin(), files.end());
  return files;
}

std::string why_ignored(const std::filesystem::path& file, const std::filesystem::path& root) {
  const auto info = disk().info(file);
  if (!info) return "a broken link";
  if (info->kind != FileKind::regular) return "not a regular file";
  if (!has_image_extension(file.filename().string())) return "not a picture by its name";
  if (is_hidden(file.filename().string())) return "hidden";
  const std::filesystem::path below = file.lexically_relative(root).parent_path();
  if (std::any_of(below.begin(), below.end(),
                  [](const std::filesystem::path& part) { return is_hidden(part.string()); }))
    return "in a hidden folder";
  return "in no class folder";
}

std::string ignored_words(const Folder& folder) {
  const Ignored& ignored = folder.ignored;
  if (ignored.count == 0) return "";
  return folder.root.string() + ": " + counted(ignored.count, "file") +
         (ignored.count == 1 ? " is" : " are") + " ignored (" + ignored.first + ": " +
         why_ignored(ignored.first, folder.root) + (ignored.count == 1 ? ")" : "; …)");
}

std::vector<std::string> list_pictures(const std::filesystem::path& path, std::vector<std::string>* runs) {
  const auto info = disk().info(path);
  if (!info) throw Error(path.string(), "there is no such file or folder", "check the path");
  if (info->kind == FileKind::regular) return {path.string()};
  if (info->kind == FileKind::other) throw Error(path.string(), "is neither a file nor a folder");
  Ignored ignored;
  std::vector<std::string> pictures =
      walk_pictures(path.string(), ignored, runs == nullptr ? Runs::enter : Runs::leave_out);
  if (runs != nullptr) runs->insert(runs->end(), ignored.runs.begin(), ignored.runs.end());
  if (pictures.empty() && runs != nullptr && !ignored.runs.empty())
    throw Error(path.string(),
                "holds no pictures outside of run folders, which are ignored (" + ignored.runs.front() + ")",
                "name the pictures");
  if (pictures.empty()) throw Error(path.string(), "holds no pictures", picture_endings());
  std::sort(pictures.begin(), pictures.end());
  return pictures;
}

std::string picture_endings() {
  const std::vector<std::string> parts(extensions.begin(), extensions.end());
  return "a picture's name ends in " + join(parts, " ");
}

}  // namespace graft
