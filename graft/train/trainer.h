// The tutorial's train_model: epochs of a training and a validation phase, the best weights kept.
#pragma once

#include <torch/torch.h>

#include "graft/data/folder.h"
#include "graft/models/model_file.h"
#include "graft/train/checkpoint.h"
#include "graft/train/events.h"
#include "graft/train/gradient_sync.h"
#include "graft/train/own_parts.h"
#include "graft/train/recipe.h"
#include "graft/train/train_result.h"

namespace graft {

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
// that does not fit, and EngineError (device/engine_error.h) where memory runs out or libtorch fails.
TrainResult train_model(Model& model, const Folder& train, const Folder& val, const Recipe& recipe,
                        const torch::Device& device, const TrainEvents& events = {},
                        const Checkpoint* from = nullptr, const OwnParts& own = {},
                        GradientSync& sync = single_process());

}  // namespace graft
