// Where the labelled pictures of a request are: in a folder, behind a table of labels, or in a program.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace graft {

class Dataset;  // graft/data/dataset.h

// Datasets of a program's own. Whatever opens them keeps them alive.
struct OwnData {
  // Those that are there. A training takes `train` and `val`, which is split off `train` where it is null. An
  // evaluation takes one of them, as for folders: `val`, else `test`, else `train`.
  std::shared_ptr<const Dataset> train = nullptr, val = nullptr, test = nullptr;
  // By the index that targets have. Where targets are numbers, one name: what the number is called. A model
  // is measured on them by the names of its classes.
  std::vector<std::string> classes = {};
  std::string name = "own data";  // in the run's record and report
};

struct DataSource {
  DataSource() = default;
  // A folder or a table of labels, as open_data_set() takes them (folder.h).
  DataSource(std::string file) : path(std::move(file)) {}
  DataSource(const char* file) : path(file) {}
  DataSource(const std::filesystem::path& file) : path(file.string()) {}
  DataSource(OwnData data) : path(data.name), own(std::make_shared<const OwnData>(std::move(data))) {}

  bool is_missing() const { return path.empty() && own == nullptr; }

  std::string path;                              // of own data their name
  std::shared_ptr<const OwnData> own = nullptr;  // null: files
};

}  // namespace graft
