// The tutorial's train_model: epochs of a training and a validation phase, the best weights kept.
#pragma once

#include <torch/torch.h>

#include <optional>
#include <vector>

#include "graft/data/folder.h"
#include "graft/models/model_file.h"
#include "graft/train/events.h"
#include "graft/train/probe.h"
#include "graft/train/recipe.h"

namespace graft {

// Throws UsageError for options that leave nothing to do: no epochs and no probe.
void check_recipe(const Recipe& recipe);

struct TrainResult {
  std::vector<EpochRecord> history;
  double best_val_acc = 0;
  int best_epoch = 0;
  double seconds = 0;
  std::optional<ProbeFigures> probe;  // where recipe.head_start asks for one
  std::int64_t skipped = 0;           // bad pictures left out, both phases of one epoch
};

// Trains model.network, which is on `device`, with cross entropy on `train`, validating on `val` after each
// epoch. With recipe.head_start probe the head is fitted first; those figures stand as epoch 0 before the
// others, with a learning rate of 0. Where recipe.freeze is set every parameter but the head's stands still.
// At the end the network has the weights of the best validation accuracy (the first epoch that reached it)
// and is in eval mode. Throws Error for a picture that cannot be read (unless recipe.loader.skip_bad) and for
// a loss that is not finite.
TrainResult train_model(Model& model, const std::vector<Sample>& train, const std::vector<Sample>& val,
                        const Recipe& recipe, const torch::Device& device, const TrainEvents& events = {});

}  // namespace graft
