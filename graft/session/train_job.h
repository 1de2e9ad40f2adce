// A run that is ready to train, and its training. Internal: users have Run (run.h).
#pragma once

#include <optional>

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
  std::optional<SavedCheckpoint> from{};  // where it continues from
  std::optional<RunLock> lock{};          // of the folder
  OwnParts own{};                         // of the program
  std::optional<Precision> precision{};   // what the recipe's comes to here
};

// Trains `model`, which is on `device`, and writes all that a run leaves; where the observer stops it, what a
// resumed run needs. Throws Error; the model of the best epoch so far is then whole in the folder.
TrainResult train(TrainJob& job, Model& model, const torch::Device& device, const RunObserver& observer);

}  // namespace graft
