// The learning rate over a training.
#pragma once

#include <cstdint>

#include "graft/train/train_options.h"

namespace graft {

// The rate at `epoch` of `epochs`, counted from 0 and with its fraction: 1.5 is in the middle of the second.
// step: lr · gamma^⌊epoch / step_size⌋, multiplied step by step as StepLR does. Warm-up is linear, as
// torchvision's reference training has it.
double learning_rate_at(const ScheduleOptions& options, double lr, double epoch, int epochs);

// The mean of the rates of an epoch's steps, each of which has the rate at its beginning.
double mean_learning_rate(const ScheduleOptions& options, double lr, int epoch, int epochs,
                          std::int64_t steps);

}  // namespace graft
