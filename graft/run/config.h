// config.json as a report reads it: a training run's options, data and versions (docs/formats/run.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "graft/metrics/outcomes.h"

namespace graft {

// Names and values as text, in the file's order.
using ConfigTable = std::vector<std::pair<std::string, std::string>>;

struct RunConfig {
  std::string started;   // UTC, ISO 8601
  std::string data;      // the path as given
  std::string absolute;  // the same as an absolute path
  std::vector<std::string> classes;
  std::vector<std::int64_t> train_counts, val_counts;  // pictures of each class
  // In total: a picture may have several classes. 0 test pictures also of earlier versions.
  std::int64_t train_pictures = 0, val_pictures = 0, test_pictures = 0;
  LabelKind labels = LabelKind::automatic;      // automatic: not recorded by an earlier version
  std::string train_hash, val_hash, test_hash;  // of the names and labels of their pictures
  bool val_split_off = false, test_split_off = false;
  bool own_data = false;  // a program's own Datasets, which are not on the disk
  ConfigTable options, asked, resolved, versions;
};

// Throws Error if the file does not exist or does not belong to a run. Fields missing in an older or newer
// version are empty.
RunConfig read_config(const std::filesystem::path& path);

// Throws Error if the record in the file `path` does not contain the path of the data.
void require_data_path(const std::filesystem::path& path, const std::string& data);

// The location of the picture that the run's tables name `path`: that path or, if it does not exist from the
// current folder, the same path in the dataset's absolute folder.
std::filesystem::path picture_path(const RunConfig& config, const std::string& path);

// The value of a name, or "".
std::string value_of(const ConfigTable& table, const std::string& name);

}  // namespace graft
