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

// From `from` to `to` along half a cosine.
double along_cosine(double from, double to, double part) {
  return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * part));
}

double one_cycle(double lr, double part) {
  constexpr double rise = 0.3, start = 25, end = 1e4;
  if (part < rise) return along_cosine(lr / start, lr, part / rise);
  return along_cosine(lr, lr / start / end, (part - rise) / (1 - rise));
}

}  // namespace

double learning_rate_at(const ScheduleOptions& options, double lr, double epoch, int epochs) {
  if (epoch < options.warmup_epochs)
    return lr * (warmup_start + (1 - warmup_start) * epoch / options.warmup_epochs);
  if (options.schedule == Schedule::constant) return lr;
  if (options.schedule == Schedule::step) return stepped(options, lr, epoch);
  const double left = std::max(epochs - options.warmup_epochs, 1e-9);
  const double part = std::min((epoch - options.warmup_epochs) / left, 1.0);
  return options.schedule == Schedule::one_cycle ? one_cycle(lr, part) : along_cosine(lr, 0, part);
}

double mean_learning_rate(const ScheduleOptions& options, double lr, int epoch, int epochs,
                          std::int64_t steps) {
  const double first = learning_rate_at(options, lr, epoch, epochs);
  double differences = 0;  // the mean of a constant rate is exactly that rate
  for (std::int64_t step = 1; step < steps; ++step) {
    const double part = static_cast<double>(step) / static_cast<double>(steps);
    differences += learning_rate_at(options, lr, epoch + part, epochs) - first;
  }
  return steps > 0 ? first + differences / static_cast<double>(steps) : first;
}

}  // namespace graft
