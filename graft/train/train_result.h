// What a training reports and returns as values; no torch.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graft/metrics/outcomes.h"
#include "graft/run/history.h"

namespace graft {

struct EpochEnd {
  EpochRecord record;
  int epochs = 0;  // how many there will be, a probe not counted
  // The primary validation metric is better than every earlier one; the network holds these weights now.
  bool best = false;
};

struct StepEnd {
  int epoch = 0;           // from 1
  std::int64_t step = 0;   // of the epoch, from 1
  std::int64_t steps = 0;  // in the epoch
  double loss = 0;         // mean of the epoch's batches so far
};

// Why a training ended: after its epochs; for want of progress (recipe.patience); of time
// (recipe.time_limit); because it was stopped (TrainEvents::stop).
enum class Ending { finished, patience, time_limit, stopped };
const char* to_string(Ending ending);  // "finished", "patience", "time limit", "stopped"

struct ProbeFigures {
  double l2 = 0;       // the regularisation that was chosen
  double cv_loss = 0;  // mean loss on held-out training pictures
};

// Outcomes are of the validation pictures with the weights that are kept.
struct TrainResult : Outcomes {
  std::vector<EpochRecord> history;
  int best_epoch = 0;  // from 1; 0: the probe
  double seconds = 0;  // of all the sessions that it took
  Ending ending = Ending::finished;
  std::optional<ProbeFigures> probe;  // where recipe.head_start asks for one
  std::int64_t skipped = 0;           // bad pictures left out, both phases of one epoch
  std::int64_t skipped_steps = 0;     // recipe.on_nan skip, of all epochs of this session

  // The record whose weights are kept, and its primary metric. The history is not empty.
  const EpochRecord& best() const { return *graft::best_epoch(history); }
  double best_value() const { return best().val.front().value; }
};

}  // namespace graft
