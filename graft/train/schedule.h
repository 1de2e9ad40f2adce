// The learning rate over a training.
#pragma once

#include <array>
#include <cstdint>

#include "graft/core/option.h"

namespace graft {

// step: torch.optim.lr_scheduler.StepLR. cosine: from the rate to zero along half a cosine (Loshchilov and
// Hutter, arXiv:1608.03983, without restarts), at every step. one-cycle:
// torch.optim.lr_scheduler.OneCycleLR's rate with its defaults (Smith and Topin, arXiv:1708.07120): up from
// lr / 25 in the first 30 %, then down to lr / 250,000, both along half a cosine. constant: always the rate.
enum class Schedule { step, cosine, constant, one_cycle };
template <>
struct EnumNames<Schedule> {
  static constexpr std::array<const char*, 4> names = {"step", "cosine", "constant", "one-cycle"};
};

struct ScheduleOptions {
  Schedule schedule = Schedule::step;
  int step_size = 7;
  double gamma = 0.1;
  double warmup_epochs = 0;  // part of the epochs, not beside them
};
inline constexpr auto schedule_options = options_of<ScheduleOptions>(
    option<&ScheduleOptions::schedule>("how the learning rate goes: down by steps, down along a cosine, not "
                                       "at all, or up and down in one cycle"),
    option<&ScheduleOptions::step_size>(1, 1'000'000, "epochs between two drops of the learning rate"),
    option<&ScheduleOptions::gamma>(0, 1, "what the learning rate is multiplied by at a drop"),
    option<&ScheduleOptions::warmup_epochs>(
        0, 1'000'000, "epochs, or a part of one, over which the rate rises to `lr` from a hundredth of it"));

// The rate at `epoch` of `epochs`, counted from 0 and with its fraction: 1.5 is in the middle of the second.
// step: lr · gamma^⌊epoch / step_size⌋, multiplied step by step as StepLR does. Warm-up is linear, as
// torchvision's reference training has it.
double learning_rate_at(const ScheduleOptions& options, double lr, double epoch, int epochs);

// The mean of the rates of an epoch's steps, each of which has the rate at its beginning.
double mean_learning_rate(const ScheduleOptions& options, double lr, int epoch, int epochs,
                          std::int64_t steps);

}  // namespace graft
