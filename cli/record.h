// config.json: every option as asked and as resolved, versions, and what the data were (docs/formats/run.md).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cli/bind_options.h"
#include "graft/data/folder.h"
#include "graft/train/recipe.h"

namespace graft::cli {

struct RunRecord {
  GivenOptions given;                      // what the command line said
  Recipe recipe;                           // with every default filled in
  std::string data;                        // the folder as given
  std::string device, weights, precision;  // what was chosen
  int threads = 0;
};

std::string config_json(const RunRecord& run, const DataSet& data);

// SHA-256 of the names below `root` with their labels, in the order of the samples. Checkpoints have it of
// folder.root as it was given, with or without a slash at its end.
std::string pictures_hash(const Folder& folder, const std::string& root);
// The same of folder.root, however it was given: the same wherever the folder lies.
std::string pictures_hash(const Folder& folder);

// {class: pictures}.
nlohmann::ordered_json class_counts(const Folder& folder);

// Now in UTC: "2026-01-31T12:00:00Z".
std::string iso_time_now();

}  // namespace graft::cli
