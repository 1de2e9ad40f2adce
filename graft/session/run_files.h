// Writes the files of a run folder: before the first epoch, after each epoch, and at the end
// (docs/formats/run.md). Internal.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "graft/data/folder.h"
#include "graft/models/model_file.h"
#include "graft/run/event_file.h"
#include "graft/run/run.h"
#include "graft/run/run_lock.h"
#include "graft/session/record.h"
#include "graft/session/request.h"
#include "graft/train/train_result.h"
#include "graft/train/trainer.h"

namespace graft {

// The pictures of TrainResult's outcomes.
const Folder& measured_pictures(const TrainingData& data);

class RunFiles {
 public:
  // All must outlive it. `lock`: of the folder, if other processes may write there. `run` is resolved.
  RunFiles(const RunFolder& folder, const std::optional<RunLock>& lock, const RunRecord& run,
           const TrainingData& data, Model& model, const Observer& observer);

  // Failures to write files that only present the run (pictures, TensorBoard events, model card, report) are
  // warnings; every other failure is thrown. Before each write check_place() is called.

  // Throws the Error of RunLock::check().
  void check_place() const;

  // For a new run: writes the folder, its configuration, and a batch of pictures.
  void begin();
  // For a resumed run: restores the history of the checkpoint, because later epochs are repeated.
  void begin(const Checkpoint& from);
  void epoch_end(const EpochEnd& end);
  void checkpoint(const Checkpoint& checkpoint);
  // Saves the model once more, as it was changed after its last epoch. `best`: of the kept weights.
  void save_kept(const EpochRecord& best, const EvaluationRecord& learned);
  // Writes the metrics, the tables and the report; the network has the kept weights.
  void finish(const TrainResult& result, const torch::Device& device);

 private:
  void begin_after_search();
  void show(const std::string& what, const std::function<void()>& make);
  void show_events(const std::function<void(EventFile&)>& write);
  void open_events();
  void write_sheet(const std::filesystem::path& path, const char* tag, int epoch, const Image& image);
  void write_tables(const TrainResult& result);
  void write_map(const TrainResult& result, const torch::Device& device);
  void write_card(const TrainResult& result);

  const RunFolder& folder_;
  const std::optional<RunLock>& lock_;
  const RunRecord& run_;
  const TrainingData& data_;
  Model& model_;
  const Observer& observer_;
  std::map<std::string, std::string> data_facts_;
  std::unique_ptr<EventFile> events_;  // null after a failure
};

// The result in the form of summary.json and --json.
nlohmann::ordered_json summary_of(const TrainResult& result, const RunFolder& folder);

}  // namespace graft
