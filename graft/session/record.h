// config.json: every option as asked and as resolved, versions, and what the data were (docs/formats/run.md).
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "graft/core/option.h"
#include "graft/data/folder.h"
#include "graft/train/recipe.h"

namespace graft {

// Of config.json. 2: epochs count from 1 and a probe is marked; in runs of format 1 they count from 0.
inline constexpr int run_format_version = 2;

struct RunRecord {
  GivenOptions given;                      // what the command line said
  Recipe recipe;                           // with every default filled in
  std::string data;                        // the folder as given
  std::string device, weights, precision;  // what was chosen
  bool own_data = false;                   // a data set of the program's own
  bool own_loss = false;                   // in the place of cross entropy
  bool own_batch_transform = false;        // of training batches
  int threads = 0;
  std::int64_t parameters = 0;  // of the network
  // How the weights that the run began from want their pictures.
  Preprocess preprocess = {};
};

std::string config_json(const RunRecord& run, const TrainingData& data);

// A run of an earlier format that is resumed has today's format from then on: sets it in its config.json.
void update_format_version(const std::filesystem::path& config);

// SHA-256 of the names below `root` with their labels, in the order of the samples. Checkpoints have it of
// folder.root as it was given, with or without a slash at its end. `before` stands before each relative name.
std::string pictures_hash(const Folder& folder, const std::string& root, const std::string& before = "");
// The same of folder.root, however it was given: the same wherever the folder lies.
std::string pictures_hash(const Folder& folder);

// {class: pictures}.
nlohmann::ordered_json class_counts(const Folder& folder);

}  // namespace graft
