// The source of a request's labelled pictures: a folder, a table of labels, or a program's Datasets.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace graft {

class Dataset;  // graft/data/dataset.h

// A program's own Datasets. Opened data keeps them alive.
struct OwnData {
  // Null if absent. Training uses `train` and `val`, which is split off `train` if it is null. Evaluation
  // uses one part, as for folders: `val`, else `test`, else `train`.
  std::shared_ptr<const Dataset> train = nullptr, val = nullptr, test = nullptr;
  // By the index used in targets; for numbers, one name: that of the number. A model is evaluated on them by
  // the names of its classes.
  std::vector<std::string> classes = {};
  std::string name = "own data";  // shown in the run's record and report
};

struct DataSource {
  DataSource() = default;
  // A folder or a table of labels, as for open_data_set() (folder.h).
  DataSource(std::string file) : path(std::move(file)) {}
  DataSource(const char* file) : path(file) {}
  DataSource(const std::filesystem::path& file) : path(file.string()) {}
  DataSource(OwnData data) : path(data.name), own(std::make_shared<const OwnData>(std::move(data))) {}

  bool is_missing() const { return path.empty() && own == nullptr; }

  std::string path;                              // for own data, their name
  std::shared_ptr<const OwnData> own = nullptr;  // null: files
};

}  // namespace graft
