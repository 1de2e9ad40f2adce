// The tutorial's train_model: epochs with a training and a validation phase; keeps the best weights. With its
// events and checkpoints. graft::Run (session/run.h) trains with a run folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "graft/core/progress.h"
#include "graft/data/folder.h"
#include "graft/device/torch.h"
#include "graft/models/model_file.h"
#include "graft/run/run.h"
#include "graft/train/own_parts.h"
#include "graft/train/recipe.h"
#include "graft/train/train_result.h"

namespace graft {

class Distiller;  // graft/train/distill.h

// The complete state of a training run: with the same number of threads a resumed run ends with the same
// weights, bit for bit, as an uninterrupted one (docs/formats/run.md).
struct Checkpoint {
  int epoch = 0;          // completed epochs, without the probe
  std::int64_t step = 0;  // completed batches of the current epoch
  std::vector<EpochRecord> history;
  double seconds = 0;        // of training so far
  double epoch_seconds = 0;  // of those, in the current epoch
  std::optional<ProbeFit> probe;
  // Lists of tensors by owner: "network", "learner", "best", "random".
  std::map<std::string, std::vector<torch::Tensor>> tensors;
};

// Atomic: an older checkpoint is replaced only when the new one is complete. `facts` are stored with it for
// the caller.
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint,
                     const std::map<std::string, std::string>& facts = {});

struct SavedCheckpoint {
  Checkpoint checkpoint;
  std::map<std::string, std::string> facts;
};
// The history of a checkpoint of version 0.1 is converted by count_from_one(). Throws Error for a file that
// is damaged or not a checkpoint.
SavedCheckpoint load_checkpoint(const std::filesystem::path& path);

// Copies list `name` into `into`, in place. Throws Error if number, shape or dtype differ.
void restore_tensors(const Checkpoint& checkpoint, const std::string& name,
                     const std::vector<torch::Tensor>& into);

// Callbacks of a training run. Each may be empty. All are called from the training thread.
struct TrainEvents {
  ProgressCallback progress;  // pictures of the current phase
  // A failure that does not affect the results, such as one to cache a probe's features. A sentence for
  // people.
  WarningCallback warning;
  std::function<void(const EpochEnd&)> epoch_end;
  // After each step. It waits for the step's loss, which takes time on an accelerator.
  std::function<void(const StepEnd&)> step_end;
  // The state of the run, after each epoch_end but the last and after a stop. The tensors are not copies:
  // they are valid until the call returns.
  std::function<void(const Checkpoint&)> checkpoint;
  // Checked after each step and during validation; a stop request ends training there. With several processes
  // a request on any rank ends all of them after a step.
  std::stop_token stop;
};

// Trains model.network, which is on `device`, on `train` for the task model.task (task_spec_of(train)), and
// validates on `val` after each epoch. With recipe.head_start probe the head is fitted first; those metrics
// are the first record of the history, marked as a probe. With recipe.freeze only the head's parameters
// change. At the end the network has the weights of the best primary metric (the first epoch that reached it)
// and is in eval mode. If TrainEvents::stop ends it before the first epoch is complete, the result has no
// history. `from`: resumes from this checkpoint; the recipe, the data, the custom parts and the architecture
// must be those of the original run. `sync`: the other processes, each of which calls this with the same
// arguments except `events` and gets the same result; only one of them should save checkpoints and models.
// Throws Error for an unreadable picture (unless recipe.loader.skip_bad), for a loss that is not finite
// (unless recipe.on_nan skips it), for a checkpoint that does not fit, and EngineError (core/error.h) if
// memory runs out or libtorch fails. `teacher`: of recipe.distill, which graft::Run opens; null for none.
TrainResult train_model(Model& model, const Folder& train, const Folder& val, const Recipe& recipe,
                        const torch::Device& device, const TrainEvents& events = {},
                        const Checkpoint* from = nullptr, const OwnParts& own = {},
                        GradientSync& sync = single_process(), const Distiller* teacher = nullptr);

}  // namespace graft
