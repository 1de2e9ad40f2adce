#include "graft/train/schedule.h"

namespace graft {

double learning_rate_at(const ScheduleOptions& options, double lr, int epoch) {
  for (int drops = epoch / options.step_size; drops > 0; --drops) lr *= options.gamma;
  return lr;
}

}  // namespace graft
