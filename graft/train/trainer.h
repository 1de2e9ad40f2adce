// The tutorial's train_model: epochs of a training and a validation phase, the best weights kept; what it
// reports, and where it can continue from. A training with a run folder is graft::Run (session/run.h).
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
#include "graft/run/history.h"
#include "graft/train/gradient_sync.h"
#include "graft/train/own_parts.h"
#include "graft/train/recipe.h"
#include "graft/train/train_result.h"

namespace graft {

// Where a training stands, complete enough to continue from: with the same threads it ends in the same
// weights, bit for bit, as one that was never stopped (docs/formats/run.md).
struct Checkpoint {
  int epoch = 0;          // how many are done, the probe not counted
  std::int64_t step = 0;  // batches of the next one that are done
  std::vector<EpochRecord> history;
  double seconds = 0;        // of training so far
  double epoch_seconds = 0;  // of those, in the epoch under way
  std::optional<ProbeFigures> probe;
  // Lists of tensors by what they belong to: "network", "learner", "best", "random".
  std::map<std::string, std::vector<torch::Tensor>> tensors;
};

// Atomic: an older checkpoint stays until the new one is whole. `facts` are kept beside it for the caller.
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint,
                     const std::map<std::string, std::string>& facts = {});

struct SavedCheckpoint {
  Checkpoint checkpoint;
  std::map<std::string, std::string> facts;
};
// The history of a checkpoint of version 0.1 is as count_from_one leaves it. Throws Error for a file that is
// damaged or something else.
SavedCheckpoint load_checkpoint(const std::filesystem::path& path);

// Copies list `name` into `into`, in place. Throws Error where number, shape or dtype differ.
void restore_tensors(const Checkpoint& checkpoint, const std::string& name,
                     const std::vector<torch::Tensor>& into);

// What a training reports while it runs: values, never text on a terminal. Each may be empty. All are called
// from the thread that trains.
struct TrainEvents {
  ProgressCallback progress;  // pictures of the phase that runs
  // Something that no result depends on could not be done, such as keeping a probe's features. A sentence for
  // people.
  std::function<void(const std::string&)> warning;
  std::function<void(const EpochEnd&)> epoch_end;
  // After each step of gradient descent. It waits for the step's loss, which on an accelerator costs time.
  std::function<void(const StepEnd&)> step_end;
  // Where the training stands, after each epoch_end but the last and when it was stopped. The tensors
  // are the training's own: they hold until the call returns.
  std::function<void(const Checkpoint&)> checkpoint;
  // Looked at after each step and while it validates; a stop that is requested ends the training there. Of
  // several processes that of any rank ends all of them, after a step.
  std::stop_token stop;
};

// Trains model.network, which is on `device`, on `train` for the task that model.task says
// (task_spec_of(train)), validating on `val` after each epoch. With recipe.head_start probe the head is
// fitted first; those metrics are the first record of the history, marked as a probe. Where recipe.freeze is
// set every parameter but the head's stands still. At the end the network has the weights of the best primary
// metric (the first epoch that reached it) and is in eval mode. Ended by TrainEvents::stop before a first
// epoch, the result has no history. `from`: continues from there; the recipe, the data, the program's own
// parts and the network's kind must be those of the training that gave it. `sync`: the other processes, each
// of which calls this with the same arguments but `events` and has the same result; only one of them should
// keep checkpoints and models. Throws Error for a picture that cannot be read (unless
// recipe.loader.skip_bad), for a loss that is not finite (unless recipe.on_nan skips it), for a checkpoint
// that does not fit, and EngineError (core/error.h) where memory runs out or libtorch fails.
TrainResult train_model(Model& model, const Folder& train, const Folder& val, const Recipe& recipe,
                        const torch::Device& device, const TrainEvents& events = {},
                        const Checkpoint* from = nullptr, const OwnParts& own = {},
                        GradientSync& sync = single_process());

}  // namespace graft
