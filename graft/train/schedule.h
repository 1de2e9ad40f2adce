// The learning rate over a training.
#pragma once

#include <array>

#include "graft/core/option.h"

namespace graft {

// step: torch.optim.lr_scheduler.StepLR. cosine: from the rate to zero along half a cosine (Loshchilov and
// Hutter, arXiv:1608.03983, without restarts), at every step. constant: always the rate.
enum class Schedule { step, cosine, constant };
template <>
struct EnumNames<Schedule> {
  static constexpr std::array<const char*, 3> names = {"step", "cosine", "constant"};
};

struct ScheduleOptions {
  Schedule schedule = Schedule::step;
  int step_size = 7;
  double gamma = 0.1;
  double warmup_epochs = 0;  // part of the epochs, not beside them
};
inline constexpr auto schedule_options = options_of<ScheduleOptions>(
    option<&ScheduleOptions::schedule>(
        "how the learning rate falls: by steps, along a cosine, or not at all"),
    option<&ScheduleOptions::step_size>(1, 1'000'000, "epochs between two drops of the learning rate"),
    option<&ScheduleOptions::gamma>(0, 1, "what the learning rate is multiplied by at a drop"),
    option<&ScheduleOptions::warmup_epochs>(
        0, 1'000'000, "epochs, or a part of one, over which the rate rises to --lr from a hundredth of it"));

// The rate at `epoch` of `epochs`, counted from 0 and with its fraction: 1.5 is in the middle of the second.
// step: lr · gamma^⌊epoch / step_size⌋, multiplied step by step as StepLR does. Warm-up is linear, as
// torchvision's reference training has it.
double learning_rate_at(const ScheduleOptions& options, double lr, double epoch, int epochs);

}  // namespace graft
