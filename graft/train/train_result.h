// Reports and results of a training run. This header does not include torch.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graft/metrics/outcomes.h"
#include "graft/run/evaluation_record.h"
#include "graft/run/run.h"

namespace graft {

struct EpochEnd {
  EpochRecord record;
  int epochs = 0;  // planned epochs, without a probe
  // The primary validation metric is better than in every earlier epoch; the network has these weights.
  bool best = false;
};

struct StepEnd {
  int epoch = 0;           // from 1
  std::int64_t step = 0;   // of the epoch, from 1
  std::int64_t steps = 0;  // in the epoch
  double loss = 0;         // mean of the epoch's batches so far
};

// Why a training run ended: all epochs are done, no improvement (recipe.patience), time limit
// (recipe.time_limit), or stop request (TrainEvents::stop).
enum class Ending { finished, patience, time_limit, stopped };
const char* to_string(Ending ending);  // "finished", "patience", "time limit", "stopped"

struct ProbeFit {
  double l2 = 0;       // the chosen regularisation
  double cv_loss = 0;  // mean loss on held-out training pictures
};

// Outcomes are those of the validation pictures with the kept weights; of a cross-validation those of the
// training pictures, each by a model that was not trained on it.
struct TrainResult : Outcomes {
  std::vector<EpochRecord> history;
  int best_epoch = 0;  // from 1; 0: the probe
  double seconds = 0;  // of all sessions of the run
  Ending ending = Ending::finished;
  std::optional<ProbeFit> probe;   // if recipe.head_start is probe
  std::int64_t skipped = 0;        // skipped pictures in both phases of one epoch
  std::int64_t skipped_steps = 0;  // with recipe.on_nan skip, in all epochs of this session

  Outcomes test;                // of the test pictures, with the kept weights
  EvaluationRecord evaluation;  // by Run::train()

  // The record of the kept weights. The history must not be empty.
  const EpochRecord& best() const { return *graft::best_epoch(history); }
  // Its primary metric on the validation pictures, of which there must be some.
  double best_value() const { return best().val.front().value; }
};

}  // namespace graft
