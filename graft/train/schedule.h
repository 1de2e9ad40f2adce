// The learning rate over the epochs: torch.optim.lr_scheduler.StepLR.
#pragma once

#include "graft/core/option.h"

namespace graft {

struct ScheduleOptions {
  int step_size = 7;
  double gamma = 0.1;
};
inline constexpr auto schedule_options = options_of<ScheduleOptions>(
    option<&ScheduleOptions::step_size>(1, 1'000'000, "epochs between two drops of the learning rate"),
    option<&ScheduleOptions::gamma>(0, 1, "what the learning rate is multiplied by at a drop"));

// The rate of `epoch` (from 0): lr · gamma^⌊epoch / step_size⌋, multiplied step by step as StepLR does.
double learning_rate_at(const ScheduleOptions& options, double lr, int epoch);

}  // namespace graft
