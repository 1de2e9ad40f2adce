#include "graft/data/walk.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <utility>

#include "graft/core/files.h"
#include "graft/core/run_mark.h"

namespace graft {
namespace {

using FolderId = std::pair<std::uint64_t, std::uint64_t>;  // device, inode

struct FolderPictures {
  std::string folder;
  std::vector<std::string> names;
};

std::optional<FolderId> id_of(const std::string& folder) {
  const auto info = disk().info(folder);
  if (!info) return std::nullopt;
  return FolderId(info->device, info->inode);
}

// A folder and all its parents, up to the root.
std::vector<FolderId> with_ancestors(std::string folder) {
  std::vector<FolderId> ids;
  for (auto id = id_of(folder); id && (ids.empty() || *id != ids.back()); id = id_of(folder)) {
    ids.push_back(*id);
    folder += "/..";
  }
  return ids;
}

// Decided from the listing, without another disk access.
bool has_run_mark(const std::vector<DirectoryEntry>& entries) {
  return std::any_of(entries.begin(), entries.end(),
                     [](const DirectoryEntry& entry) { return entry.name == run_mark_file; });
}

// Reserves the exact length: a concatenation keeps excess capacity.
std::string path_of(const std::string& folder, const std::string& name) {
  std::string path;
  path.reserve(folder.size() + 1 + name.size());
  path.append(folder);
  if (!folder.ends_with('/')) path.append(1, '/');
  return path.append(name);
}

class Walker {
 public:
  // `all`: with files that have a picture's ending but are not regular files.
  Walker(std::vector<FolderId> above, bool all, Runs runs, Ignored& ignored,
         std::vector<std::string>* files = nullptr)
      : above_(std::move(above)), all_(all), runs_(runs), ignored_(ignored), files_(files) {}

  void enter(const std::string& folder, bool hidden) {
    const auto id = id_of(folder);
    if (id && std::find(above_.begin(), above_.end(), *id) != above_.end()) return;
    if (id) above_.push_back(*id);
    look_into(folder, hidden);
    if (id) above_.pop_back();
  }

  void look_into(const std::string& folder, bool hidden) {
    FolderPictures found{folder, {}};
    std::vector<DirectoryEntry> entries = disk().list(folder);
    if (runs_ == Runs::leave_out && has_run_mark(entries) && is_run_folder(folder)) {
      if (!hidden) ignored_.runs.push_back(folder);
      return;
    }
    for (DirectoryEntry& entry : entries) {
      const bool hide = hidden || is_hidden(entry.name);
      if (entry.kind == FileKind::directory) {
        enter(path_of(folder, entry.name), hide);
      } else if ((all_ || entry.kind == FileKind::regular) && !hide && has_image_extension(entry.name)) {
        found.names.push_back(std::move(entry.name));
      } else if (!hide || has_image_extension(entry.name)) {
        ignore(path_of(folder, entry.name));
      }
    }
    if (!found.names.empty()) folders_.push_back(std::move(found));
  }

  std::vector<std::string> pictures() {
    std::sort(folders_.begin(), folders_.end(),
              [](const auto& a, const auto& b) { return a.folder < b.folder; });
    std::size_t count = 0;
    for (const FolderPictures& each : folders_) count += each.names.size();
    std::vector<std::string> paths;
    paths.reserve(count);
    for (FolderPictures& each : folders_) {
      for (const std::string& name : each.names) paths.push_back(path_of(each.folder, name));
      each.names = {};  // frees each folder's names as its paths are made
    }
    return paths;
  }

 private:
  void ignore(std::string path) {
    ignored_.add(path);
    if (files_ != nullptr) files_->push_back(std::move(path));
  }

  std::vector<FolderId> above_;
  bool all_;
  Runs runs_;
  Ignored& ignored_;
  std::vector<std::string>* files_;
  std::vector<FolderPictures> folders_;
};

}  // namespace

bool is_hidden(const std::string& name) {
  constexpr std::array<std::string_view, 5> of_systems = {"__MACOSX", "@eaDir", "#recycle", "@Recycle",
                                                          "$RECYCLE.BIN"};
  return name.starts_with('.') || std::find(of_systems.begin(), of_systems.end(), name) != of_systems.end();
}

std::vector<std::string> walk_pictures(const std::string& root, const std::string& name, Ignored& ignored,
                                       std::vector<std::string>* files) {
  Walker walker(with_ancestors(root), false, Runs::leave_out, ignored, files);
  walker.enter((std::filesystem::path(root) / name).string(), is_hidden(name));
  return walker.pictures();
}

bool is_folder(const std::filesystem::path& path) {
  const auto info = disk().info(path);
  return info && info->kind == FileKind::directory;
}

std::vector<std::string> walk_pictures(const std::string& root, Ignored& ignored, Runs runs) {
  Walker walker(with_ancestors(root), true, is_run_folder(root) ? Runs::enter : runs, ignored);
  walker.look_into(root, false);
  return walker.pictures();
}

}  // namespace graft
