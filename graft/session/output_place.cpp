#include "graft/session/output_place.h"

#include <algorithm>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/run_mark.h"
#include "graft/data/data_layout.h"
#include "graft/data/labels.h"
#include "graft/data/walk.h"
#include "graft/run/config.h"
#include "graft/run/run.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

// The folders from `root` down to the one that contains `file`; empty if it is not below `root`.
std::vector<fs::path> folders_between(const fs::path& root, const fs::path& file) {
  const fs::path top = (resolved_path(root) / "").parent_path();
  const fs::path place = resolved_path(folder_of(disk().resolve(file).value_or(file)));
  std::vector<fs::path> folders;
  for (fs::path folder = place;; folder = folder.parent_path()) {
    folders.push_back(folder);
    if (folder == top) break;
    if (folder == folder.parent_path()) return {};
  }
  std::reverse(folders.begin(), folders.end());
  return folders;
}

// Whether a walk of the data that starts at the first folder enters all of them.
bool are_entered(const std::vector<fs::path>& folders, bool runs_too) {
  return std::all_of(folders.begin(), folders.end(), [&](const fs::path& folder) {
    const bool below = folder != folders.front();
    return !(below && is_hidden(folder.filename().string())) && (runs_too || !is_run_folder(folder));
  });
}

struct DataFolders {
  std::vector<fs::path> roots;    // the parent folders of the class folders
  std::vector<fs::path> between;  // the folders above them in which another folder would change the layout
};

// Empty for a table and for data that cannot be opened as a dataset.
DataFolders folders_of(const std::string& data) {
  if (data.empty() || is_label_table(data) || !is_folder(data)) return {};
  const fs::path top = (fs::path(data) / "").parent_path();
  DataFolders folders;
  try {
    std::vector<std::string> warnings;
    const DataLayout layout = find_data_layout(top, warnings);
    if (!layout.has_parts()) folders.roots = {layout.root};
    for (const auto& part : {layout.train, layout.val, layout.test}) {
      if (part) folders.roots.push_back(*part);
    }
    for (const fs::path& root : folders.roots) {
      for (fs::path folder = root; folder != top;) {
        folder = folder.parent_path();
        if (!layout.has_parts() || folder != layout.root) folders.between.push_back(folder);
      }
    }
  } catch (const Error&) {  // not a dataset
    return {};
  }
  return folders;
}

// Whether a file in the last of the folders needs a new folder in the first, and a walk would enter it.
bool needs_new_folder(const std::vector<fs::path>& folders) {
  return folders.size() > 1 && !disk().info(folders[1]) && are_entered(folders, false);
}

}  // namespace

void check_outside_data(const std::string& option, const fs::path& file, const std::string& data) {
  for (const fs::path& root : folders_of(data).roots) {
    const auto folders = folders_between(root, file);
    if (folders.size() < 2 || !are_entered(folders, false)) continue;
    throw UsageError(option,
                     file.string() +
                         " lies among the class folders and would become a picture of "
                         "the dataset",
                     "choose a place outside " + root.string());
  }
}

void check_no_new_class(const std::string& option, const fs::path& file, const std::string& data) {
  const DataFolders known = folders_of(data);
  const auto refuse = [&](const fs::path& root, const std::string& effect) {
    const auto folders = folders_between(root, file);
    if (!needs_new_folder(folders)) return;
    throw UsageError(
        option, file.string() + " needs the new folder " + folders[1].string() + ", which would " + effect,
        "choose a place outside " + root.string());
  };
  for (const fs::path& root : known.roots) refuse(root, "become a class of the dataset");
  for (const fs::path& folder : known.between)
    refuse(folder, "lie beside the only folder that contains the dataset");
}

void check_outside_folder(const std::string& option, const fs::path& file, const std::string& folder) {
  if (!is_folder(folder)) return;
  const auto folders = folders_between(folder, file);
  if (folders.empty() || !are_entered(folders, true)) return;
  throw UsageError(option, file.string() + " lies in " + folder + " and would become one of its pictures",
                   "choose a place outside");
}

std::string data_of_run(const std::string& model) {
  const fs::path config = RunFolder(model).config();
  if (!disk().info(config)) return "";
  try {
    return read_config(config).absolute;
  } catch (const Error&) {  // a later reader reports the problem
  }
  return "";
}

}  // namespace graft
