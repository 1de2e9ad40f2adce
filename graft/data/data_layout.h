// Finds the parts of a dataset below the given folder. Internal.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace graft {

struct DataLayout {
  std::filesystem::path root;  // the given folder, or the only one below it that contains the dataset
  // Folders of class folders. If all are empty, root holds the class folders.
  std::optional<std::filesystem::path> train, val, test;
  std::vector<std::filesystem::path> unused;  // other entries beside the parts, in root

  bool has_parts() const { return train || val || test; }
};

// Looks for train/ and val/ in `root`, also under names such as Train/, valid/ and, if unambiguous,
// training_set/; below an intermediate folder (images/, or the only sub-folder); and for an intermediate
// folder in each part (images/, or train/train/). Reports an unusual layout in `warnings`. Throws Error if
// two folders can be the same part, if the sub-folders are datasets, or may be parts, rather than classes, if
// a part or a class is divided into parts, and for a dataset for object detection.
DataLayout find_data_layout(const std::filesystem::path& root, std::vector<std::string>& warnings);

}  // namespace graft
