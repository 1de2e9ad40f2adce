#include "graft/run/run.h"

#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/run/event_file.h"

namespace graft {
namespace {

void remove_if_there(const std::filesystem::path& path) {
  if (disk().info(path)) disk().remove(path);
}

}  // namespace

RunFolder::RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

void RunFolder::begin() const {
  if (const auto there = disk().info(path_); there && there->kind != FileKind::directory) {
    throw Error(path_.string(), "is a file, not a folder", "choose another --out");
  }
  disk().make_directories(path_);
  remove_temporaries();
  replace_file(history(), "");
  for (const auto& path : {summary(), checkpoint(), classes_file(), batch_picture(), predictions_picture(),
                           predictions_csv(), metrics_csv(), results_csv(), model_card(), report()}) {
    remove_if_there(path);
  }
  for (const char* name : {curves_png, confusion_png, normalized_confusion_png, reliability_png}) {
    remove_if_there(path_ / name);
  }
  for (const DirectoryEntry& entry : disk().list(path_)) {
    if (is_event_file_name(entry.name)) disk().remove(path_ / entry.name);
  }
}

void RunFolder::remove_temporaries() const {
  for (const DirectoryEntry& entry : disk().list(path_)) {
    if (entry.kind == FileKind::regular && is_temporary_name(entry.name)) disk().remove(path_ / entry.name);
  }
}

std::filesystem::path next_run_folder(const std::filesystem::path& parent, const std::string& name) {
  std::filesystem::path path = parent / name;
  for (int number = 2; disk().info(path); ++number) path = parent / (name + std::to_string(number));
  return path;
}

}  // namespace graft
