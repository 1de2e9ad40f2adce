#include "graft/session/run_place.h"

#include <vector>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/run_mark.h"
#include "graft/core/shell_word.h"
#include "graft/data/walk.h"
#include "graft/session/output_files.h"
#include "graft/session/output_place.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_run(const RunFolder& run) {
  const std::string path = run.path().string();
  const std::string others = "`overwrite` replaces it, or choose another folder";
  if (disk().info(run.checkpoint()))
    throw Error(path, "holds a stopped training run that can be continued",
                "`resume` " + shell_word(path) + " continues it, " + others);
  if (disk().info(run.summary())) throw Error(path, "holds a complete training run", others);
  throw Error(path, "holds a model and a training run that was stopped before its first checkpoint",
              "`resume` " + shell_word(path) + " starts it again, " + others);
}

// The first picture below `folder`, down to the greatest depth in a dataset: images/train/ants/1.jpg. Empty
// if there is none. Run folders, hidden folders and unreadable folders are ignored.
std::string find_picture(const fs::path& folder, int folders_between = 3) {
  std::vector<DirectoryEntry> entries;
  try {
    entries = disk().list(folder);
  } catch (const Error&) {
    return "";
  }
  for (const DirectoryEntry& entry : entries) {
    if (entry.kind == FileKind::regular && !is_hidden(entry.name) && has_image_extension(entry.name))
      return (folder / entry.name).string();
  }
  for (const DirectoryEntry& entry : entries) {
    const fs::path inner = folder / entry.name;
    if (folders_between == 0 || entry.kind != FileKind::directory || is_hidden(entry.name) ||
        is_run_folder(inner))
      continue;
    if (std::string found = find_picture(inner, folders_between - 1); !found.empty()) return found;
  }
  return "";
}

// The absolute path with a trailing "/".
std::string whole(const fs::path& path) { return (resolved_path(path) / "").lexically_normal().string(); }

// The parent of the class folders that contain `place`; empty if there is none.
fs::path class_folders_around(const fs::path& place, const DataSource& source, const TrainingData& data) {
  if (source.own || !is_folder(source.path)) return {};
  for (const Folder* part : {&data.train, &data.val, &data.test}) {
    if (!part->root.empty() && whole(place).starts_with(whole(part->root))) return part->root;
  }
  return {};
}

void check_replaced(const fs::path& folder, bool overwrite) {
  const auto there = disk().info(folder);
  if (!there) return;
  if (there->kind != FileKind::directory)
    throw Error(folder.string(), "is a file, not a folder", "choose another folder");
  if (is_run_folder(folder)) {
    if (!overwrite && is_anything_kept(RunFolder(folder))) refuse_run(RunFolder(folder));
    return refuse_linked_files(folder);
  }
  if (const fs::path config = RunFolder(folder).config(); disk().info(config)) {
    read_text(config);  // throws if it cannot be read
    throw Error(config.string(), "is damaged, or not a file of a run",
                "repair or remove it, or choose another folder");
  }
  const fs::path lock = RunFolder(folder).lock().filename();  // left by a run that had not started
  for (const DirectoryEntry& entry : disk().list(folder)) {
    if (!is_run_file_name(entry.name) || entry.name == lock) continue;
    throw Error(folder.string(),
                "holds " + entry.name + ", which no training run wrote and a run would replace",
                "choose another folder");
  }
  if (const std::string picture = find_picture(folder); !picture.empty())
    throw Error(folder.string(),
                "is not a run and holds pictures (" + picture + "), and a run needs its own folder",
                "choose another folder");
}

}  // namespace

void refuse_linked_files(const fs::path& run) {
  for (const DirectoryEntry& entry : disk().list(run)) {
    const fs::path file = run / entry.name;
    if (!is_run_file_name(entry.name) || disk().resolve(file) == file) continue;
    throw Error(file.string(), "is a symbolic link, and what it points to is not this run's to replace",
                "replace the link by a copy, or choose another folder");
  }
}

bool is_anything_kept(const RunFolder& run) {
  return disk().info(run.model()) || disk().info(run.checkpoint()) || disk().info(run.summary()) ||
         disk().info(run.folds()) || disk().info(run.candidates());
}

void check_run_place(const fs::path& folder, bool overwrite) {
  if (folder == "-")
    throw UsageError("`out`", "a run is a folder and cannot be written to standard output", "name a folder");
  check_folder_name("out", folder.string());
  check_not_held(RunFolder(folder));
  check_replaced(folder, overwrite);
}

void check_outside_classes(const fs::path& folder, const DataSource& source, const TrainingData& data) {
  const fs::path place = folder.empty() ? default_runs : folder;
  const fs::path root = class_folders_around(place, source, data);
  if (root.empty()) {
    if (!source.own) check_no_new_class("`out`", place / run_mark_file, source.path);
    return;
  }
  if (folder.empty())
    throw UsageError("`out`",
                     "is not given, and the run would be made in " + whole(default_runs) +
                         ", among the class folders, and would become a class",
                     "name a folder outside " + whole(root) + " with `out`");
  throw UsageError("`out`", folder.string() + " lies among the class folders and would become a class",
                   "choose a place outside " + whole(root));
}

void check_feature_cache(const Recipe& recipe, const DataSource& source, const TrainingData& data,
                         const fs::path& run) {
  if (recipe.feature_cache == "auto" || recipe.feature_cache == "off") return;
  const fs::path folder = recipe.feature_cache;
  if (!source.own && is_folder(source.path)) {
    // Beside train/ and val/ it is ignored. Anywhere else in the dataset it would be read as a class, or
    // images/ would no longer be the only folder.
    const bool beside_parts = !data.split && whole(data.train.root.parent_path()) == whole(source.path);
    if ((!beside_parts && whole(folder).starts_with(whole(source.path))) ||
        !class_folders_around(folder, source, data).empty())
      throw UsageError(
          "`feature_cache`",
          folder.string() + " lies in the dataset " + source.path + " and would become one of its folders",
          "choose a place outside " + whole(source.path));
  }
  for (fs::path around = fs::path(whole(folder)).parent_path(); around.has_filename();
       around = around.parent_path()) {
    if (is_run_folder(around) || (!run.empty() && around / "" == whole(run)))
      throw UsageError("`feature_cache`", folder.string() + " lies in the run " + around.string(),
                       "choose a place outside the run");
  }
}

RunPlace take_run_place(const fs::path& folder, bool overwrite) {
  if (folder.empty()) {
    const RunFolder run(make_next_run_folder(default_runs, "train"));
    return {run, RunLock(run)};
  }
  check_run_place(folder, overwrite);
  disk().make_directories(folder);
  RunPlace place{RunFolder(folder), RunLock(RunFolder(folder))};
  check_replaced(folder, overwrite);  // another run may have started before the lock was taken
  return place;
}

}  // namespace graft
