// What a training reports while it runs: values, never text on a terminal.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "graft/core/progress.h"
#include "graft/train/checkpoint.h"
#include "graft/train/train_result.h"

namespace graft {

// Each may be empty. All are called from the thread that trains.
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

}  // namespace graft
