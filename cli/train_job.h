// A training from a recipe and data to a run folder, with its words for people.
#pragma once

#include <torch/torch.h>

#include <optional>

#include "cli/console.h"
#include "cli/record.h"
#include "cli/resume.h"
#include "graft/data/folder.h"
#include "graft/models/model_file.h"
#include "graft/run/run.h"
#include "graft/run/run_lock.h"

namespace graft::cli {

// A run that is ready to train.
struct Job {
  RunFolder folder;
  RunRecord run;
  DataSet data;
  std::optional<SavedCheckpoint> from;  // where it goes on from
  std::optional<RunLock> lock{};        // of the folder
};

// Trains `model`, which is on `device`, and writes all that a run leaves. Gives the exit code: 0, or 128 + N
// where signal N stopped it. Throws Error; the model of the best epoch so far is then whole in the folder.
int run_job(Job& job, Model& model, const torch::Device& device, Console& console);

}  // namespace graft::cli
