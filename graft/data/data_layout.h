// Where the parts of a data set lie below the folder that people name. Internal.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace graft {

struct DataLayout {
  std::filesystem::path root;  // the folder named, or one below it that alone holds the data set
  // Folders of class folders. None of them: root holds the class folders.
  std::optional<std::filesystem::path> train, val, test;
  std::vector<std::filesystem::path> unused;  // what lies beside the parts, in root

  bool has_parts() const { return train || val || test; }
};

// Looks for train/ and val/ in `root`, also as Train/, training/, valid/, validation/ and such, below a
// folder in between (images/, or the only sub-folder), and for a folder in between inside each part. Whatever
// is not the usual layout is said in `warnings`. Throws Error where two folders may be the same part, and
// where the sub-folders are data sets, or parts of one by their names, rather than classes.
DataLayout find_data_layout(const std::filesystem::path& root, std::vector<std::string>& warnings);

}  // namespace graft
