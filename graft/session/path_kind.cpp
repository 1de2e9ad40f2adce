#include "graft/session/path_kind.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/run_mark.h"
#include "graft/core/shell_word.h"
#include "graft/core/text.h"
#include "graft/data/labels.h"
#include "graft/data/walk.h"
#include "graft/models/registry.h"
#include "graft/run/run.h"
#include "graft/session/run_place.h"

namespace graft {
namespace {

constexpr const char* what_a_model_is = "give a run folder (such as runs/train) or a model file";

// The nearest existing name in the folder of a missing path.
std::string nearest_beside(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (!is_folder(folder)) return "";
  std::vector<std::string> names;
  for (const DirectoryEntry& entry : disk().list(folder)) names.push_back(entry.name);
  const std::string nearest = nearest_name(path.filename().string(), names);
  return nearest.empty() ? "" : (path.parent_path() / nearest).string();
}

// The run below runs/ with that name, or with the nearest one.
std::string nearest_run(const std::string& name) {
  if (std::filesystem::path(name).has_parent_path() || !is_folder(default_runs)) return "";
  std::vector<std::string> runs;
  for (const DirectoryEntry& entry : disk().list(default_runs)) {
    std::string run = (std::filesystem::path(default_runs) / entry.name).string();
    if (kind_of(run) != PathKind::run) continue;
    if (entry.name == name) return run;
    runs.push_back(entry.name);
  }
  const std::string nearest = nearest_name(name, runs);
  return nearest.empty() ? "" : (std::filesystem::path(default_runs) / nearest).string();
}

[[noreturn]] void refuse_missing(const std::string& path, const std::string& what) {
  if (disk().resolve(path) != std::filesystem::path(path))
    throw Error(path, "is a broken link", "correct or remove it");
  std::string nearest = nearest_run(path);
  if (nearest.empty()) nearest = nearest_beside(path);
  throw Error(path, "no such " + what,
              nearest.empty() ? "check the path" : "did you mean \"" + nearest + "\"?");
}

}  // namespace

PathKind kind_of(const std::string& path) {
  const auto info = disk().info(path);
  if (!info) return PathKind::nothing;
  if (info->kind == FileKind::directory) {
    const RunFolder folder(path);
    return disk().info(folder.config()) || disk().info(folder.model()) ? PathKind::run : PathKind::other;
  }
  if (has_image_extension(path)) return PathKind::picture;
  const std::string name = to_lower_ascii(path);
  for (const char* ending : {".safetensors", ".pth", ".pt"}) {
    if (name.ends_with(ending)) return PathKind::weights;
  }
  return PathKind::other;
}

bool is_network_name(const std::string& name) {
  const auto& models = model_registry();
  return !disk().info(name) &&
         std::any_of(models.begin(), models.end(), [&](const ModelSpec& spec) { return spec.name == name; });
}

bool is_model(const std::string& path) {
  const PathKind kind = kind_of(path);
  return kind == PathKind::run || kind == PathKind::weights;
}

bool is_model_without_pictures(const std::string& path) {
  return is_model(path) && (!is_folder(path) || is_run_folder(path));
}

void require_model(const std::string& path) {
  const PathKind kind = kind_of(path);
  if (is_network_name(path))
    throw Error(path, "is the name of a network, but a model is needed", what_a_model_is);
  if (kind == PathKind::nothing) refuse_missing(path, "run folder or model file");
  if (kind == PathKind::picture) throw Error(path, "is a picture, but a model is needed", what_a_model_is);
  if (kind == PathKind::other && is_folder(path))
    throw Error(path, "is not a run folder: it has no model.safetensors", what_a_model_is);
}

void require_run(const std::string& path) {
  const PathKind kind = kind_of(path);
  if (kind == PathKind::nothing) refuse_missing(path, "run folder");
  if (kind != PathKind::run || !disk().info(RunFolder(path).config()))
    throw Error(path, "is not a run folder: it has no config.json", "give the folder of a training run");
}

void require_data(const DataSource& data) {
  if (data.own) return;
  const std::string& path = data.path;
  switch (kind_of(path)) {
    case PathKind::run:
      if (!is_run_folder(path)) return;  // a dataset may have a config.json or a model.safetensors beside it
      throw Error(path, "is a run, not a dataset",
                  "name the folder of pictures; `resume` " + shell_word(path) + " continues the run" +
                      (disk().info(RunFolder(path).model())
                           ? ", and `weights` " + shell_word(path) + " starts training from its model"
                           : ""));
    case PathKind::weights:
      throw Error(path, "is a weights file, not a dataset",
                  "name the folder of pictures; `weights` " + path + " starts training from them");
    case PathKind::picture:
      throw Error(path, "is a single picture, not a dataset",
                  "name the folder with a folder of pictures for each class");
    case PathKind::nothing:
    case PathKind::other:
      return;
  }
}

void tell_files(const DataSource& data, LabelKind labels, const std::vector<std::string>& others,
                const Observer& observer) {
  if (!observer.reads) return;
  std::vector<std::string> files = others;
  if (data.own) return observer.reads(files);
  if (is_label_table(data.path)) {
    files.push_back(data.path);
    for (LabelRow& row : read_labels(data.path, labels, true).rows) files.push_back(std::move(row.path));
  } else {
    for (std::string& picture : list_pictures(data.path)) files.push_back(std::move(picture));
  }
  observer.reads(files);
}

}  // namespace graft
