// A prepared run and its training. Internal: users have Run (run.h).
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "graft/data/folder.h"
#include "graft/device/torch.h"
#include "graft/models/model_file.h"
#include "graft/run/run.h"
#include "graft/run/run_lock.h"
#include "graft/session/record.h"
#include "graft/session/run.h"
#include "graft/train/trainer.h"

namespace graft {

struct TrainJob {
  RunFolder folder;
  RunRecord run;
  TrainingData data;
  DataSource source{};                    // of `data`
  bool is_continued = false;              // the folder has this run, and its folds
  std::optional<SavedCheckpoint> from{};  // the checkpoint to resume from
  std::optional<RunLock> lock{};          // of the folder; empty: no other process writes there
  OwnParts own{};                         // custom parts
  std::optional<Precision> precision{};   // the recipe's precision, resolved
  // For each of measured_pictures(data), and of the test pictures, whether the starting weights or the
  // teacher were trained on it; empty: none.
  std::vector<bool> seen{}, seen_test{};
  std::shared_ptr<const Distiller> teacher{};  // null without one
};

// Trains `model`, which is on `device`, and writes all files of the run, or, if the observer stops it, those
// that a resumed run needs. Throws Error; the folder then holds the complete model of the best epoch so far.
// `seconds`: of the search before it, which are part of the time limit.
TrainResult train(TrainJob& job, Model& model, const torch::Device& device, const RunObserver& observer,
                  double seconds = 0);

// Writes the configuration of a run whose search (auto_search.h) begins or continues.
void begin_search(const TrainJob& job);

// The result of a run that the observer stopped.
TrainResult stopped_result();

}  // namespace graft
