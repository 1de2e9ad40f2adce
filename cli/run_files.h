// What a training leaves in its run folder, and when: before the first epoch, after each, and at the end
// (docs/formats/run.md).
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "cli/console.h"
#include "cli/record.h"
#include "graft/data/folder.h"
#include "graft/models/model_file.h"
#include "graft/run/event_file.h"
#include "graft/run/run.h"
#include "graft/train/trainer.h"

namespace graft::cli {

class RunFiles {
 public:
  // All must outlive it. `run` is resolved.
  RunFiles(const RunFolder& folder, const RunRecord& run, const DataSet& data, Model& model,
           Console& console);

  // A new run: the folder, its configuration, a batch of pictures.
  void begin();
  // The history as the checkpoint has it: an epoch after it comes again.
  void begin(const Checkpoint& from);
  void epoch_end(const EpochEnd& end);
  void checkpoint(const Checkpoint& checkpoint);
  // With the weights that are kept in the network: the figures, the tables, the report. What only shows them
  // is warned about where it cannot be made.
  void finish(const TrainResult& result, const torch::Device& device);

 private:
  void write_sheet(const std::filesystem::path& path, const char* tag, int epoch, const Image& image);
  void write_tables(const TrainResult& result);

  const RunFolder& folder_;
  const RunRecord& run_;
  const DataSet& data_;
  Model& model_;
  Console& console_;
  std::map<std::string, std::string> data_facts_;
  std::unique_ptr<EventFile> events_;
};

// The result as summary.json and --json have it.
nlohmann::ordered_json summary_of(const TrainResult& result, const RunFolder& folder);

}  // namespace graft::cli
