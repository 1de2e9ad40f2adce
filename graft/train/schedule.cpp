#include "graft/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace graft {
namespace {

constexpr double warmup_start = 0.01;

double stepped(const ScheduleOptions& options, double lr, double epoch) {
  for (int drops = static_cast<int>(epoch) / options.step_size; drops > 0; --drops) lr *= options.gamma;
  return lr;
}

}  // namespace

double learning_rate_at(const ScheduleOptions& options, double lr, double epoch, int epochs) {
  if (epoch < options.warmup_epochs)
    return lr * (warmup_start + (1 - warmup_start) * epoch / options.warmup_epochs);
  if (options.schedule == Schedule::constant) return lr;
  if (options.schedule == Schedule::step) return stepped(options, lr, epoch);
  const double left = std::max(epochs - options.warmup_epochs, 1e-9);
  const double part = std::min((epoch - options.warmup_epochs) / left, 1.0);
  return lr * 0.5 * (1 + std::cos(std::numbers::pi * part));
}

}  // namespace graft
