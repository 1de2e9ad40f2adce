// config.json: all options as given and as resolved, versions, and a record of the data
// (docs/formats/run.md).
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "graft/core/option.h"
#include "graft/data/folder.h"
#include "graft/train/recipe.h"

namespace graft {

// The format of config.json. 2: epochs count from 1 and a probe is marked; in format 1 they count from 0.
inline constexpr int run_format_version = 2;

struct RunRecord {
  GivenOptions given;                      // the options of the command line
  Recipe recipe;                           // with every default filled in
  std::string data;                        // the folder as given
  std::string device, weights, precision;  // as resolved
  bool own_data = false;                   // the program's own dataset
  bool own_loss = false;                   // a custom loss
  bool own_batch_transform = false;        // a custom transform of training batches
  int threads = 0;
  std::int64_t parameters = 0;  // of the network
  // SHA-256 of the file of the initial weights; empty for random ones, and if an earlier version started the
  // run.
  std::string weights_sha256 = {};
  // The preprocess of the run's initial weights.
  Preprocess preprocess = {};
  bool searched = false;  // with the preset auto: the recipe is what the search chose
  // Of distillation: SHA-256 of the teacher's file and of the names of the unlabelled pictures; else empty.
  std::string teacher_sha256 = {}, unlabelled_hash = {};
};

std::string config_json(const RunRecord& run, const TrainingData& data);

// Sets the current format in the config.json of a resumed run of an earlier format.
void update_format_version(const std::filesystem::path& config);

// SHA-256 of the names below folder.root ("/ants/1.jpg") with their labels, in the order of the samples:
// independent of the folder's location and of how its path is written.
std::string pictures_hash(const Folder& folder);
// The same of names without the slash. Earlier versions recorded it in checkpoints for a root that ends with
// a slash or is the current folder.
std::string pictures_hash_without_slash(const Folder& folder);

// {class: pictures}.
nlohmann::ordered_json class_counts(const Folder& folder);

}  // namespace graft
