// config.json as a report reads it: what was asked of a training, and what it had (docs/formats/run.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "graft/metrics/label_kind.h"

namespace graft {

// Names and values in the file's order, values as people write them.
using ConfigTable = std::vector<std::pair<std::string, std::string>>;

struct RunConfig {
  std::string started;   // UTC, ISO 8601
  std::string data;      // the folder as given
  std::string absolute;  // the same, from the root of the disk
  std::vector<std::string> classes;
  std::vector<std::int64_t> train_counts, val_counts;  // pictures of each class
  std::int64_t train_pictures = 0, val_pictures = 0;   // in all: a picture may show several classes
  LabelKind labels = LabelKind::automatic;             // automatic: an earlier version did not record it
  std::string train_hash, val_hash;                    // of the names of their pictures, with labels
  bool val_split_off = false;
  bool own_data = false;  // a data set of a program's own, which is nowhere on the disk
  ConfigTable options, asked, resolved, versions;
};

// Throws Error where the file is not there or is not a run's. What an older or newer version left out is
// empty.
RunConfig read_config(const std::filesystem::path& path);

// Throws Error where the record, which is the file `path`, says nothing of where the data were.
void require_data_path(const std::filesystem::path& path, const std::string& data);

// Where the picture is that the run's tables call `path`: there, or, where that leads nowhere from the
// present folder, at the same place in the data set's absolute folder.
std::filesystem::path picture_path(const RunConfig& config, const std::string& path);

// The value of a name, or "".
std::string value_of(const ConfigTable& table, const std::string& name);

}  // namespace graft
