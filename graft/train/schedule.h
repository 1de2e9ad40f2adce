// The learning-rate schedule of a training run.
#pragma once

#include <cstdint>

#include "graft/train/train_options.h"

namespace graft {

// The learning rate at `epoch` of `epochs`, counted from 0, with a fraction: 1.5 is the middle of the second
// epoch. step: lr · gamma^⌊epoch / step_size⌋, multiplied step by step as in StepLR. Warm-up is linear, as in
// torchvision's reference training.
double learning_rate_at(const ScheduleOptions& options, double lr, double epoch, int epochs);

// The mean learning rate of an epoch's steps; each step has the rate of its beginning.
double mean_learning_rate(const ScheduleOptions& options, double lr, int epoch, int epochs,
                          std::int64_t steps);

}  // namespace graft
