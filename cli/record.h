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

// {class: pictures}.
nlohmann::ordered_json class_counts(const Folder& folder);

}  // namespace graft::cli
