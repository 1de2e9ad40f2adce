#include "graft/run/run.h"

#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"

namespace graft {

RunFolder::RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

void RunFolder::begin() const {
  if (const auto there = disk().info(path_); there && there->kind != FileKind::directory) {
    throw Error(path_.string(), "is a file, not a folder", "choose another --out");
  }
  disk().make_directories(path_);
  for (const std::filesystem::path& left : {summary(), checkpoint()}) {
    if (disk().info(left)) disk().remove(left);
  }
  replace_file(history(), "");
}

std::filesystem::path next_run_folder(const std::filesystem::path& parent, const std::string& name) {
  std::filesystem::path path = parent / name;
  for (int number = 2; disk().info(path); ++number) path = parent / (name + std::to_string(number));
  return path;
}

}  // namespace graft
