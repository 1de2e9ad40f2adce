#include "graft/train/schedule.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

// The values of torch.optim.lr_scheduler.StepLR(step_size=7, gamma=0.1) over 25 epochs from 0.001.
TEST(Schedule, EqualsStepLR) {
  const ScheduleOptions options;
  for (int epoch = 0; epoch < 25; ++epoch) {
    const double expected = epoch < 7 ? 0.001 : epoch < 14 ? 0.0001 : epoch < 21 ? 1e-5 : 1e-6;
    EXPECT_NEAR(learning_rate_at(options, 0.001, epoch), expected, expected * 1e-12) << epoch;
  }
}

TEST(Schedule, AGammaOfOneHoldsTheRate) {
  EXPECT_EQ(learning_rate_at({.step_size = 1, .gamma = 1}, 0.5, 100), 0.5);
}

}  // namespace
}  // namespace graft
